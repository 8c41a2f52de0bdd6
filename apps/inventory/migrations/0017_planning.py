"""Sales per day, forecasts, proposals."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

import ecommerce.ids


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0016_purchasing_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyDemand",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("day", models.DateField()),
                ("units", models.IntegerField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sku_id", "location", "day"), name="inventory_demand_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandForecast",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ecommerce.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sku_id", models.UUIDField()),
                ("starts_on", models.DateField()),
                ("daily", models.JSONField()),
                ("sigma_daily", models.FloatField()),
                ("model", models.CharField(max_length=40)),
                ("pattern", models.CharField(max_length=12)),
                ("abc", models.CharField(max_length=1)),
                ("history_days", models.PositiveIntegerField()),
                ("wape", models.FloatField(null=True)),
                ("bias", models.FloatField(null=True)),
                ("naive_wape", models.FloatField(null=True)),
                ("naive_bias", models.FloatField(null=True)),
                ("computed_at", models.DateTimeField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sku_id", "location"), name="inventory_forecast_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplenishmentProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ecommerce.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sku_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "Proposed"),
                            ("ORDERED", "Ordered"),
                            ("DISMISSED", "Dismissed"),
                        ],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("units", models.IntegerField()),
                ("position", models.IntegerField()),
                ("safety_stock", models.IntegerField()),
                ("reorder_point", models.IntegerField()),
                ("order_up_to", models.IntegerField()),
                ("reasons", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="inventory.purchaseorder",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.supplier",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="inventory_proposal_newest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PROPOSED")),
                        fields=("sku_id", "location"),
                        name="inventory_proposal_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units__gte", 1)), name="inventory_proposal_some"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", False), ("state", "ORDERED")),
                            models.Q(
                                models.Q(("state", "ORDERED"), _negated=True),
                                ("order__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="inventory_proposal_ordered_by",
                    ),
                ],
            },
        ),
    ]
