"""For whom stock is held."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class Reservation(models.Model):
    """Stock held for one order, all lines or none."""

    class Status(models.TextChoices):
        RESERVED = "RESERVED"
        CONFIRMED = "CONFIRMED"
        CANCELLED = "CANCELLED"
        RELEASED = "RELEASED"
        EXPIRED = "EXPIRED"
        SHIPPED = "SHIPPED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_id = models.UUIDField(unique=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RESERVED)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=TransactionNow())
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="inventory_reservation_due",
                condition=Q(status="RESERVED"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"


class ReservationLine(models.Model):
    """Units of a SKU that a reservation holds at a location."""

    id = models.BigAutoField(primary_key=True)
    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quantity = models.IntegerField()
    shipped = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "sku_id", "location"], name="inventory_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_line_some"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0) & Q(shipped__lte=F("quantity")),
                name="inventory_line_ships_what_it_has",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"
