"""For whom stock is held."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class Reservation(models.Model):
    """Stock held under a key: an order's id, or one made for whoever ``reference`` names.

    ``lapsed`` says that others have taken some of its units since it ran out, so that it can no longer be
    confirmed as it stands; ``extras`` that there are kits or backorders beside its lines.
    ``asked`` is what the call that made it wanted, units or kits by SKU, by which another call for the order is told
    from a repeat; ``short`` what of that could not be had, and how much could.
    """

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
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    lapsed = models.BooleanField(default=False, db_default=False)
    extras = models.BooleanField(default=False, db_default=False)
    asked = models.JSONField(null=True, editable=False)
    short = models.JSONField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["reference", "-created_at", "-id"],
                name="inventory_reservation_of_whom",
                condition=~Q(reference=""),
            ),
            models.Index(
                fields=["expires_at"],
                name="inventory_reservation_due",
                condition=Q(status="RESERVED"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"


class ReservationLine(models.Model):
    """Units of a SKU that a reservation holds at a location: quantity - shipped - released."""

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
    released = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "sku_id", "location"], name="inventory_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_line_some"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0)
                & Q(released__gte=0)
                & Q(quantity__gte=F("shipped") + F("released")),
                name="inventory_line_holds_what_it_has",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"


class ReservedKit(models.Model):
    """A component of a kit that a reservation holds, as the kit was made up at that time.

    ``quantity`` and ``shipped`` count kits; the units themselves are in the lines.
    """

    id = models.BigAutoField(primary_key=True)
    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="kits", db_index=False
    )
    kit_sku_id = models.UUIDField()
    component_sku_id = models.UUIDField()
    per_kit = models.IntegerField()
    quantity = models.IntegerField()
    shipped = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "kit_sku_id", "component_sku_id"],
                name="inventory_reserved_kit_once",
            ),
            models.CheckConstraint(
                condition=Q(per_kit__gt=0, quantity__gt=0, shipped__gte=0)
                & Q(shipped__lte=F("quantity")),
                name="inventory_reserved_kit_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of kit {self.kit_sku_id}"


class Backorder(models.Model):
    """Units promised to a reservation that were not there: first come, first served when some arrive.

    Open are quantity - filled - cancelled; filled units are in the reservation's lines.
    """

    id = models.BigAutoField(primary_key=True)
    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="backorders", db_index=False
    )
    sku_id = models.UUIDField()
    quantity = models.IntegerField()
    filled = models.IntegerField(default=0, db_default=0)
    cancelled = models.IntegerField(default=0, db_default=0)
    promised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reservation", "sku_id"], name="inventory_backorder_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, filled__gte=0, cancelled__gte=0)
                & Q(quantity__gte=F("filled") + F("cancelled")),
                name="inventory_backorder_counts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sku_id", "id"],
                name="inventory_backorder_queue",
                condition=Q(quantity__gt=F("filled") + F("cancelled")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"
