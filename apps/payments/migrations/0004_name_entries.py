"""What the back office calls many journal entries."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_keep_on_giving_back")]

    operations = [
        migrations.AlterModelOptions("journalentry", {"verbose_name_plural": "journal entries"}),
    ]
