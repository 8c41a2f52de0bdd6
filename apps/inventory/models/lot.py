"""Which units they are: lots with the day they expire, and serial numbers."""

from django.db import models
from django.db.models import F, Q

from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class SkuTracking(models.Model):
    """A SKU whose units are told apart: by lot, by serial number or by both. Others have no row."""

    sku_id = models.UUIDField(primary_key=True)
    lots = models.BooleanField(default=False)
    serials = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = "SKU tracking"

    def __str__(self) -> str:
        return str(self.sku_id)


class Lot(models.Model):
    """Units of a SKU that were made together. From the day after ``expires_on`` on they cannot be shipped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    code = models.CharField(max_length=100)
    expires_on = models.DateField(null=True)
    received_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku_id", "code"], name="inventory_lot_once"),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                name="inventory_lot_expires",
                condition=Q(expires_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LotBalance(models.Model):
    """How much of a lot is on hand at a location. Of a SKU with lots they add up to the level: held at commit."""

    id = models.BigAutoField(primary_key=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances", db_index=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    on_hand = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="inventory_lot_balance_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0), name="inventory_lot_balance_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["sku_id", "location"], name="inventory_lots_of_level"),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} of {self.lot_id}"


class MovementLot(models.Model):
    """The lots of a movement, append-only: how many units of which. What the movement says is repeated, so
    that a recall reads nothing else.
    """

    id = models.BigAutoField(primary_key=True)
    movement_id = models.UUIDField()
    moved_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    delta = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movement_id", "lot"], name="inventory_movement_lot"),
            models.CheckConstraint(condition=~Q(delta=0), name="inventory_movement_lot_moves"),
        ]
        indexes = [
            models.Index(fields=["lot", "-moved_at", "-id"], name="inventory_lot_moved"),
            models.Index(
                fields=["reference"],
                name="inventory_lots_about",
                condition=~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+d} of {self.lot_id}"

    @property
    def units(self) -> int:
        """How many, whichever way they went."""
        return abs(self.delta)


class Serial(models.Model):
    """One unit with a number of its own; ``location`` is where it is on hand, if it is anywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    number = models.CharField(max_length=100)
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku_id", "number"], name="inventory_serial_once"),
        ]
        indexes = [
            models.Index(
                fields=["sku_id", "location"],
                name="inventory_serials_of_level",
                condition=Q(location__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MovementSerial(models.Model):
    """The serial numbers of a movement, append-only."""

    id = models.BigAutoField(primary_key=True)
    movement_id = models.UUIDField()
    moved_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["movement_id", "serial"], name="inventory_movement_serial"
            ),
        ]
        indexes = [
            models.Index(F("serial"), F("moved_at").desc(), name="inventory_serial_moved"),
            models.Index(
                fields=["reference"],
                name="inventory_serials_about",
                condition=~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.serial_id}"
