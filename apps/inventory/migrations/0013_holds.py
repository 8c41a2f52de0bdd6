"""Holds of any caller, policies, kits, backorders, stripes."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0012_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backorder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("quantity", models.IntegerField()),
                ("filled", models.IntegerField(db_default=0, default=0)),
                ("cancelled", models.IntegerField(db_default=0, default=0)),
                ("promised_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="KitComponent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kit_sku_id", models.UUIDField()),
                ("component_sku_id", models.UUIDField(db_index=True)),
                ("quantity", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ReservedKit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kit_sku_id", models.UUIDField()),
                ("component_sku_id", models.UUIDField()),
                ("per_kit", models.IntegerField()),
                ("quantity", models.IntegerField()),
                ("shipped", models.IntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name="StockPolicy",
            fields=[
                ("sku_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "oversell",
                    models.CharField(
                        choices=[
                            ("deny", "Deny"),
                            ("backorder", "Backorder"),
                            ("preorder", "Preorder"),
                        ],
                        default="deny",
                        max_length=10,
                    ),
                ),
                ("oversell_limit", models.IntegerField(db_default=0, default=0)),
                ("backordered", models.IntegerField(db_default=0, default=0, editable=False)),
                ("promised_at", models.DateTimeField(blank=True, null=True)),
                ("lead_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                ("safety_buffer", models.IntegerField(db_default=0, default=0)),
                (
                    "counting",
                    models.CharField(
                        choices=[("plain", "Plain"), ("striped", "Striped"), ("flash", "Flash")],
                        db_default="plain",
                        default="plain",
                        max_length=10,
                    ),
                ),
                ("counting_automatic", models.BooleanField(db_default=False, default=False)),
                (
                    "counting_since",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                ("announced", models.IntegerField(editable=False, null=True)),
                ("is_kit", models.BooleanField(db_default=False, default=False, editable=False)),
                ("version", models.BigIntegerField(db_default=0, default=0, editable=False)),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "stock policies",
            },
        ),
        migrations.CreateModel(
            name="Stripe",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("open", models.BooleanField(db_default=True, default=True)),
                ("free", models.IntegerField(db_default=0, default=0)),
                ("allocated", models.IntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="reservationline",
            name="inventory_line_ships_what_it_has",
        ),
        migrations.AddField(
            model_name="reservation",
            name="extras",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="reservation",
            name="lapsed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="reservation",
            name="reference",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="reservationline",
            name="released",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("reference", ""), _negated=True),
                fields=["reference", "-created_at", "-id"],
                name="inventory_reservation_of_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shipped__gte", 0),
                    ("released__gte", 0),
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("shipped"), "+", models.F("released")
                        ),
                    ),
                ),
                name="inventory_line_holds_what_it_has",
            ),
        ),
        migrations.AddField(
            model_name="backorder",
            name="reservation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="backorders",
                to="inventory.reservation",
            ),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.UniqueConstraint(
                fields=("kit_sku_id", "component_sku_id"), name="inventory_component_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="inventory_component_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="kitcomponent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kit_sku_id", models.F("component_sku_id")), _negated=True),
                name="inventory_component_not_itself",
            ),
        ),
        migrations.AddField(
            model_name="reservedkit",
            name="reservation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="kits",
                to="inventory.reservation",
            ),
        ),
        migrations.AddIndex(
            model_name="stockpolicy",
            index=models.Index(
                condition=models.Q(("counting", "plain"), _negated=True),
                fields=["counting"],
                name="inventory_policy_hot",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("backordered__gte", 0), ("backordered__lte", models.F("oversell_limit"))
                ),
                name="inventory_policy_within_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("safety_buffer__gte", 0)),
                name="inventory_policy_buffer_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="inventory_policy_window",
            ),
        ),
        migrations.AddField(
            model_name="stripe",
            name="level",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stripes",
                to="inventory.stocklevel",
            ),
        ),
        migrations.AddIndex(
            model_name="backorder",
            index=models.Index(
                condition=models.Q(
                    (
                        "quantity__gt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("filled"), "+", models.F("cancelled")
                        ),
                    )
                ),
                fields=["sku_id", "id"],
                name="inventory_backorder_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="backorder",
            constraint=models.UniqueConstraint(
                fields=("reservation", "sku_id"), name="inventory_backorder_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="backorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled__gte", 0),
                    ("filled__gte", 0),
                    ("quantity__gt", 0),
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("filled"), "+", models.F("cancelled")
                        ),
                    ),
                ),
                name="inventory_backorder_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservedkit",
            constraint=models.UniqueConstraint(
                fields=("reservation", "kit_sku_id", "component_sku_id"),
                name="inventory_reserved_kit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservedkit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("per_kit__gt", 0),
                    ("quantity__gt", 0),
                    ("shipped__gte", 0),
                    ("shipped__lte", models.F("quantity")),
                ),
                name="inventory_reserved_kit_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="stripe",
            constraint=models.UniqueConstraint(
                fields=("level", "number"), name="inventory_stripe_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stripe",
            constraint=models.CheckConstraint(
                condition=models.Q(("free__gte", 0)), name="inventory_stripe_free"
            ),
        ),
        migrations.AddConstraint(
            model_name="stripe",
            constraint=models.CheckConstraint(
                condition=models.Q(("allocated__gte", 0)), name="inventory_stripe_allocated"
            ),
        ),
    ]
