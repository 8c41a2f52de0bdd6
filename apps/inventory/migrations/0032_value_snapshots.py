"""What stock was worth at the end of each month."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0031_stockouts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ValueSnapshot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("method", models.CharField(max_length=10)),
                ("until", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("state", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sku_id", "method", "until"), name="inventory_value_snapshot_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("known_at__gte", models.F("until"))),
                        name="inventory_value_snapshot_after",
                    ),
                ],
            },
        ),
    ]
