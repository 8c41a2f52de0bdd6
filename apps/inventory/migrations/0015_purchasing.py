"""Suppliers, purchase orders, deliveries and what they cost."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

import ecommerce.ids


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0014_kits_have_no_kits"),
    ]

    operations = [
        migrations.CreateModel(
            name="CostLayer",
            fields=[
                ("movement_id", models.UUIDField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("units", models.IntegerField()),
                ("source", models.CharField(max_length=20)),
                (
                    "reference",
                    models.UUIDField(help_text="the order line that it came by", null=True),
                ),
                ("occurred_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CostEntry",
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
                ("kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField()),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="inventory.costlayer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Inbound",
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
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="the supplier's number of the delivery",
                        max_length=100,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("EXPECTED", "EXPECTED"),
                            ("PARTIALLY_RECEIVED", "PARTIALLY_RECEIVED"),
                            ("RECEIVED", "RECEIVED"),
                            ("CANCELLED", "CANCELLED"),
                        ],
                        default="EXPECTED",
                        max_length=20,
                    ),
                ),
                ("expected_at", models.DateTimeField(null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="InboundLine",
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
                ("expected", models.IntegerField()),
                ("received", models.IntegerField(default=0)),
                ("damaged", models.IntegerField(default=0)),
                ("unit_cost_minor", models.BigIntegerField(null=True)),
                (
                    "inbound",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.inbound",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Discrepancy",
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
                    "kind",
                    models.CharField(
                        choices=[("OVER", "OVER"), ("UNDER", "UNDER"), ("DAMAGED", "DAMAGED")],
                        max_length=10,
                    ),
                ),
                ("units", models.IntegerField()),
                ("cost_minor", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "OPEN"),
                            ("ACCEPTED", "ACCEPTED"),
                            ("CREDITED", "CREDITED"),
                            ("RECOUNTED", "RECOUNTED"),
                        ],
                        default="OPEN",
                        max_length=10,
                    ),
                ),
                ("credit_minor", models.BigIntegerField(default=0)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("settled_by", models.CharField(blank=True, default="", max_length=100)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="inventory.inboundline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InboundReceipt",
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
                ("key", models.CharField(max_length=100)),
                ("items", models.JSONField()),
                ("final", models.BooleanField(default=False)),
                ("actor", models.CharField(blank=True, default="", max_length=100)),
                ("occurred_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "inbound",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="inventory.inbound",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
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
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "DRAFT"),
                            ("APPROVED", "APPROVED"),
                            ("SENT", "SENT"),
                            ("PARTIALLY_RECEIVED", "PARTIALLY_RECEIVED"),
                            ("CLOSED", "CLOSED"),
                            ("CANCELLED", "CANCELLED"),
                        ],
                        default="DRAFT",
                        max_length=20,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("exchange_rate", models.DecimalField(decimal_places=9, default=1, max_digits=18)),
                ("expected_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("author", models.CharField(blank=True, default="", max_length=100)),
                ("approved_by", models.CharField(blank=True, default="", max_length=100)),
                ("approved_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_at",
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
            ],
        ),
        migrations.CreateModel(
            name="PurchaseCost",
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
                    "kind",
                    models.CharField(
                        choices=[("freight", "Freight"), ("duty", "Duty"), ("other", "Other")],
                        max_length=10,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "split",
                    models.CharField(
                        choices=[("value", "Value"), ("quantity", "Quantity")],
                        default="value",
                        max_length=10,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="inventory.purchaseorder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderMail",
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
                ("recipient", models.EmailField(max_length=254)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, default="", max_length=300)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail",
                        to="inventory.purchaseorder",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="inbound",
            name="order",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inbounds",
                to="inventory.purchaseorder",
            ),
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
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
                ("position", models.PositiveSmallIntegerField()),
                ("sku_id", models.UUIDField(db_index=True)),
                ("ordered", models.IntegerField()),
                ("received", models.IntegerField(default=0)),
                ("damaged", models.IntegerField(default=0)),
                ("cancelled", models.IntegerField(default=0)),
                ("unit_cost_minor", models.BigIntegerField()),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.purchaseorder",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="inboundline",
            name="order_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.purchaseorderline",
            ),
        ),
        migrations.CreateModel(
            name="Supplier",
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
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("lead_time_days", models.DecimalField(decimal_places=2, default=7, max_digits=6)),
                (
                    "lead_time_spread_days",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="standard deviation of the lead time",
                        max_digits=6,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lead_time_days__gte", 0), ("lead_time_spread_days__gte", 0)
                        ),
                        name="inventory_supplier_waits_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="inventory_supplier_currency",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="inventory.supplier",
            ),
        ),
        migrations.AddField(
            model_name="inbound",
            name="supplier",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.supplier",
            ),
        ),
        migrations.CreateModel(
            name="SupplierTerm",
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
                ("supplier_sku", models.CharField(blank=True, default="", max_length=100)),
                (
                    "unit_cost_minor",
                    models.BigIntegerField(help_text="minor units of the supplier's currency"),
                ),
                ("minimum_units", models.PositiveIntegerField(default=1)),
                ("pack_units", models.PositiveIntegerField(default=1)),
                ("preferred", models.BooleanField(default=False)),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="inventory.supplier",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="costlayer",
            index=models.Index(fields=["sku_id"], name="inventory_layer_by_sku"),
        ),
        migrations.AddIndex(
            model_name="costlayer",
            index=models.Index(fields=["reference"], name="inventory_layer_by_source"),
        ),
        migrations.AddConstraint(
            model_name="costlayer",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gte", 1)), name="inventory_layer_has_units"
            ),
        ),
        migrations.AddIndex(
            model_name="discrepancy",
            index=models.Index(
                condition=models.Q(("state", "OPEN")),
                fields=["created_at", "id"],
                name="inventory_discrepancy_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "OPEN")),
                fields=("line", "kind"),
                name="inventory_discrepancy_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gte", 1)), name="inventory_discrepancy_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(("credit_minor__gte", 0)), name="inventory_discrepancy_credit"
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("state", "OPEN")),
                    models.Q(
                        models.Q(("state", "OPEN"), _negated=True), ("settled_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="inventory_discrepancy_settled_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundreceipt",
            constraint=models.UniqueConstraint(
                fields=("inbound", "key"), name="inventory_receipt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasecost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0)), name="inventory_po_cost_not_negative"
            ),
        ),
        migrations.AddIndex(
            model_name="ordermail",
            index=models.Index(
                condition=models.Q(("delivered_at__isnull", True)),
                fields=["due_at"],
                name="inventory_po_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.UniqueConstraint(
                fields=("order", "sku_id"), name="inventory_po_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordered__gte", 1)), name="inventory_po_line_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received__gte", 0),
                    ("damaged__gte", 0),
                    ("cancelled__gte", 0),
                    ("cancelled__lte", models.F("ordered")),
                ),
                name="inventory_po_line_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_cost_minor__gte", 0)),
                name="inventory_po_line_cost_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundline",
            constraint=models.UniqueConstraint(
                fields=("inbound", "sku_id"), name="inventory_inbound_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundline",
            constraint=models.CheckConstraint(
                condition=models.Q(("expected__gte", 0), ("received__gte", 0), ("damaged__gte", 0)),
                name="inventory_inbound_line_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit_cost_minor__isnull", True), ("unit_cost_minor__gte", 0), _connector="OR"
                ),
                name="inventory_inbound_line_cost",
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(fields=["-created_at", "-id"], name="inventory_po_newest"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("exchange_rate__gt", 0)), name="inventory_po_rate_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["DRAFT", "CANCELLED"]),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="inventory_po_approved_before_use",
            ),
        ),
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(fields=["-created_at", "-id"], name="inventory_inbound_newest"),
        ),
        migrations.AddConstraint(
            model_name="inbound",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("supplier", "reference"),
                name="inventory_inbound_announced_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterm",
            constraint=models.UniqueConstraint(
                fields=("sku_id", "supplier"), name="inventory_term_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("preferred", True)),
                fields=("sku_id",),
                name="inventory_term_one_preferred",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit_cost_minor__gte", 0)),
                name="inventory_term_cost_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_units__gte", 1), ("pack_units__gte", 1)),
                name="inventory_term_sells_some",
            ),
        ),
    ]
