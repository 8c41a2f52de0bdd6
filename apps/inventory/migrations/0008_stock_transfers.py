"""Transfers with the way between their ends."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import ecommerce.ids


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0007_ledger_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="StockTransfer",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Requested"),
                            ("IN_TRANSIT", "In Transit"),
                            ("PARTIALLY_RECEIVED", "Partially Received"),
                            ("RECEIVED", "Received"),
                            ("DISCREPANCY", "Discrepancy"),
                            ("CLOSED", "Closed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="REQUESTED",
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("actor", models.CharField(blank=True, default="", max_length=100)),
                (
                    "requested_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                ("shipped_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "destination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StockTransferLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField(db_index=True)),
                ("seller", models.CharField(default="house", max_length=40)),
                ("quantity", models.IntegerField()),
                ("received", models.IntegerField(db_default=0, default=0)),
                ("damaged", models.IntegerField(db_default=0, default=0)),
                ("lost", models.IntegerField(db_default=0, default=0)),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="inventory.stocktransfer",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="stocktransfer",
            index=models.Index(fields=["-requested_at", "-id"], name="inventory_transfer_newest"),
        ),
        migrations.AddConstraint(
            model_name="stocktransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("destination")), _negated=True),
                name="inventory_transfer_goes_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="stocktransferline",
            constraint=models.UniqueConstraint(
                fields=("transfer", "sku_id"), name="inventory_transfer_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stocktransferline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quantity__gt", 0),
                    ("received__gte", 0),
                    ("damaged__gte", 0),
                    ("lost__gte", 0),
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("received"), "+", models.F("damaged")
                            ),
                            "+",
                            models.F("lost"),
                        ),
                    ),
                ),
                name="inventory_transfer_line_adds_up",
            ),
        ),
    ]
