"""Stock on its way between locations."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.stock import Location
from ecommerce.dimensions import SELLER
from ecommerce.ids import new_id


class StockTransfer(models.Model):
    """Units that go from one location to another, and are on hand at neither while they travel.

    REQUESTED → IN_TRANSIT → PARTIALLY_RECEIVED → RECEIVED, or DISCREPANCY where some broke or never
    came → CLOSED; or CANCELLED before they left.
    """

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED"
        IN_TRANSIT = "IN_TRANSIT"
        PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
        RECEIVED = "RECEIVED"
        DISCREPANCY = "DISCREPANCY"
        CLOSED = "CLOSED"
        CANCELLED = "CANCELLED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REQUESTED)
    reason = models.CharField(max_length=200, blank=True, default="")
    actor = models.CharField(max_length=100, blank=True, default="")
    requested_at = models.DateTimeField(db_default=TransactionNow())
    shipped_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("destination")), name="inventory_transfer_goes_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["-requested_at", "-id"], name="inventory_transfer_newest"),
        ]

    def __str__(self) -> str:
        return f"transfer of {self.requested_at:%Y-%m-%d}: {self.status}"


class StockTransferLine(models.Model):
    """Units of a SKU in a transfer: how many left, and what became of them."""

    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(
        StockTransfer, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    sku_id = models.UUIDField(db_index=True)
    seller = models.CharField(max_length=40, default=SELLER)
    quantity = models.IntegerField()
    received = models.IntegerField(default=0, db_default=0)
    damaged = models.IntegerField(default=0, db_default=0)
    lost = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "sku_id"], name="inventory_transfer_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(received__gte=0)
                & Q(damaged__gte=0)
                & Q(lost__gte=0)
                & Q(quantity__gte=F("received") + F("damaged") + F("lost")),
                name="inventory_transfer_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"
