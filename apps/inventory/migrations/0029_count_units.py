"""What was counted of each lot and serial number."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0028_receipts_of_deliveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="countline",
            name="swapped",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="CountUnits",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lot", models.CharField(blank=True, default="", max_length=100)),
                ("serial", models.CharField(blank=True, default="", max_length=100)),
                ("expires_on", models.DateField(null=True)),
                ("expected", models.IntegerField()),
                ("counted", models.IntegerField()),
                (
                    "variance",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("counted"), "-", models.F("expected")
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                ("movement_id", models.UUIDField(null=True)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="units",
                        to="inventory.countline",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "count units",
                "indexes": [models.Index(fields=["line"], name="inventory_count_units_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("serial", "")),
                        fields=("line", "lot"),
                        name="inventory_count_lot_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("serial", ""), _negated=True),
                        fields=("line", "serial"),
                        name="inventory_count_serial_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counted__gte", 0),
                            ("expected__gte", 0),
                            models.Q(
                                models.Q(
                                    models.Q(("serial", ""), _negated=True),
                                    ("counted__lte", 1),
                                    ("expected__lte", 1),
                                ),
                                models.Q(("serial", ""), models.Q(("lot", ""), _negated=True)),
                                _connector="OR",
                            ),
                        ),
                        name="inventory_count_units_make_sense",
                    ),
                ],
            },
        ),
    ]
