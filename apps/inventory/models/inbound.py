"""Deliveries: what was announced, what came of it, and where the two differ."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.inventory.domain.purchasing import Difference, Disposal, InboundState, Settled
from apps.inventory.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    choices_of,
)
from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class Inbound(models.Model):
    """A delivery that is announced (an ASN) or simply stands at the door."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(
        PurchaseOrder, null=True, on_delete=models.PROTECT, related_name="inbounds"
    )
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(
        max_length=100, blank=True, default="", help_text="the supplier's number of the delivery"
    )
    state = models.CharField(max_length=20, choices=choices_of(InboundState), default="EXPECTED")
    expected_at = models.DateTimeField(null=True)
    called_off_at = models.DateTimeField(
        null=True, help_text="since when its warehouse is asked not to wait for it"
    )
    created_at = models.DateTimeField(db_default=TransactionNow())
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "reference"],
                condition=~Q(reference=""),
                name="inventory_inbound_announced_once",
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="inventory_inbound_newest")]

    def __str__(self) -> str:
        return self.number


class InboundLine(models.Model):
    """Units of a SKU in a delivery. Without an order the unit cost is the books' currency's, or unknown."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inbound = models.ForeignKey(
        Inbound, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    order_line = models.ForeignKey(
        PurchaseOrderLine, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sku_id = models.UUIDField()
    expected = models.IntegerField()
    received = models.IntegerField(default=0)
    damaged = models.IntegerField(default=0)
    unit_cost_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inbound", "sku_id"], name="inventory_inbound_line_once"
            ),
            models.CheckConstraint(
                condition=Q(expected__gte=0) & Q(received__gte=0) & Q(damaged__gte=0),
                name="inventory_inbound_line_counts",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost_minor__isnull=True) | Q(unit_cost_minor__gte=0),
                name="inventory_inbound_line_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expected} of {self.sku_id}"


class InboundReceipt(models.Model):
    """One unloading of a delivery. Append-only. ``items`` is what was told, with lots and serials."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inbound = models.ForeignKey(Inbound, on_delete=models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=100)
    items = models.JSONField()
    final = models.BooleanField(default=False)
    actor = models.CharField(max_length=100, blank=True, default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbound", "key"], name="inventory_receipt_once")
        ]

    def __str__(self) -> str:
        return f"{self.inbound_id} at {self.occurred_at}"


class Discrepancy(models.Model):
    """Units that came beyond, below or broken, until somebody settles them.

    ``cost_minor`` is what damaged units cost and ``credit_minor`` what the supplier gives back, both
    in the books' currency. Of broken units, ``in_house`` lie among the level's damaged ones.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    line = models.ForeignKey(InboundLine, on_delete=models.PROTECT, related_name="discrepancies")
    kind = models.CharField(max_length=10, choices=choices_of(Difference))
    units = models.IntegerField()
    cost_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=choices_of(Settled), default="OPEN")
    credit_minor = models.BigIntegerField(default=0)
    in_house = models.IntegerField(default=0, db_default=0)
    disposal = models.CharField(
        max_length=10, choices=choices_of(Disposal), blank=True, default="", db_default=""
    )
    note = models.CharField(max_length=200, blank=True, default="")
    settled_by = models.CharField(max_length=100, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name = "delivery difference"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "kind"],
                condition=Q(state="OPEN"),
                name="inventory_discrepancy_one_open",
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="inventory_discrepancy_some"),
            models.CheckConstraint(
                condition=Q(credit_minor__gte=0), name="inventory_discrepancy_credit"
            ),
            models.CheckConstraint(
                condition=Q(in_house=0) | Q(in_house__gt=0, kind="DAMAGED"),
                name="inventory_discrepancy_in_house",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", settled_at__isnull=True)
                | (~Q(state="OPEN") & Q(settled_at__isnull=False)),
                name="inventory_discrepancy_settled_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                name="inventory_discrepancy_open",
                condition=Q(state="OPEN"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.kind}"
