"""When SKUs could not be sold."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0030_seals_of_lots"),
    ]

    operations = [
        migrations.AddField(
            model_name="demandforecast",
            name="stockout_days",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="Stockout",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sku_id", "began_at"], name="inventory_stockouts_of")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("sku_id", "location"),
                        name="inventory_stockout_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="inventory_stockout_ends_after",
                    ),
                ],
            },
        ),
    ]
