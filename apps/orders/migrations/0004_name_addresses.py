"""What the back office calls many addresses."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_follow_payments")]

    operations = [
        migrations.AlterModelOptions("orderaddress", {"verbose_name_plural": "order addresses"}),
    ]
