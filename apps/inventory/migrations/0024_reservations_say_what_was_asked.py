"""By what a repeated reservation is told from another one for the same order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0023_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="asked",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="reservation",
            name="short",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
