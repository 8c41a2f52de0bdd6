"""Counts: what a shelf should hold, what was found on it, and what became of the difference."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.naming import OfSku
from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class CountSession(models.Model):
    """One going through the shelves of a location.

    OPEN while people count, REVIEW once the counts are in and somebody decides, APPLIED or CANCELLED
    at the end. A variance of ``hold_units`` or more, or of ``hold_percent`` of what was expected or
    more, is not booked unseen: its SKU is held from sale until someone has decided.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN"
        REVIEW = "REVIEW"
        APPLIED = "APPLIED"
        CANCELLED = "CANCELLED"

    class Scope(models.TextChoices):
        FULL = "full", "everything that lies there"
        CYCLIC = "cyclic", "what is due by its ABC class"
        CHOSEN = "chosen", "chosen SKUs"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=10, choices=Scope.choices)
    abc_class = models.CharField(max_length=1, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    blind = models.BooleanField(default=True, help_text="Who counts does not see what is expected.")
    hold_units = models.PositiveIntegerField(null=True, blank=True)
    hold_percent = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    opened_by = models.CharField(max_length=100, blank=True, default="")
    opened_at = models.DateTimeField(db_default=TransactionNow())
    reviewed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "count"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "REVIEW"], closed_at=None)
                | Q(status__in=["APPLIED", "CANCELLED"], closed_at__isnull=False),
                name="inventory_count_closed_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="inventory_count_newest")]

    def __str__(self) -> str:
        return f"{self.scope} count of {self.opened_at:%Y-%m-%d}"


class CountLine(models.Model):
    """A SKU to count. ``expected`` is what the ledger said at the moment when ``counted`` was noted.

    Where its units are told apart each lot or number is counted (``CountUnits``); ``swapped`` are units
    of another lot or number than the ledger says, which the variance alone would not show.

    The variance is booked as a difference, so what is sold between counting and booking stays sold.
    A SKU is in one open count of a location at a time (``open``), or it would be corrected twice.
    """

    class Decision(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        RECOUNT = "recount"
        REJECTED = "rejected"

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(
        CountSession, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    open = models.BooleanField(default=True)
    expected = models.IntegerField(null=True)
    counted = models.IntegerField(null=True)
    variance = models.GeneratedField(
        expression=F("counted") - F("expected"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    swapped = models.PositiveIntegerField(default=0, db_default=0)
    counted_by = models.CharField(max_length=100, blank=True, default="")
    counted_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PENDING)
    decided_by = models.CharField(max_length=100, blank=True, default="")
    held = models.BooleanField(default=False)
    movement_id = models.UUIDField(null=True)
    refusal = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "sku_id"], name="inventory_count_line_once"),
            models.UniqueConstraint(
                fields=["sku_id", "location"],
                condition=Q(open=True),
                name="inventory_count_line_open_once",
            ),
            models.CheckConstraint(
                condition=Q(counted=None, expected=None)
                | Q(counted__gte=0, expected__isnull=False, counted_at__isnull=False),
                name="inventory_count_line_whole",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=False) | ~Q(decision="accepted"),
                name="inventory_count_line_accepts_a_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.counted} of {self.expected}"

    @property
    def off(self) -> int:
        """How many units are not as the ledger says: missing ones and found ones together."""
        return int(abs(self.variance or 0) + 2 * self.swapped)


class CountUnits(models.Model):
    """What was counted of a lot, or whether the unit with a number was found, beside what the ledger said."""

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(
        CountLine, on_delete=models.CASCADE, related_name="units", db_index=False
    )
    lot = models.CharField(max_length=100, blank=True, default="")
    serial = models.CharField(max_length=100, blank=True, default="")
    expires_on = models.DateField(null=True)
    expected = models.IntegerField()
    counted = models.IntegerField()
    variance = models.GeneratedField(
        expression=F("counted") - F("expected"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    movement_id = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "count units"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "lot"], condition=Q(serial=""), name="inventory_count_lot_once"
            ),
            models.UniqueConstraint(
                fields=["line", "serial"],
                condition=~Q(serial=""),
                name="inventory_count_serial_once",
            ),
            models.CheckConstraint(
                condition=Q(expected__gte=0, counted__gte=0)
                & (~Q(serial="") & Q(expected__lte=1, counted__lte=1) | Q(serial="") & ~Q(lot="")),
                name="inventory_count_units_make_sense",
            ),
        ]
        indexes = [models.Index(fields=["line"], name="inventory_count_units_of")]

    def __str__(self) -> str:
        return f"{self.serial or self.lot}: {self.counted} of {self.expected}"


class StockHold(OfSku, models.Model):
    """A SKU that is not sold from a location until somebody has looked into it.

    While one is open, ``StockLevel.held`` is true there: nothing new is promised of it. What was
    promised before stays promised.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, blank=True, default="")
    placed_by = models.CharField(max_length=100, blank=True, default="")
    placed_at = models.DateTimeField(db_default=TransactionNow())
    lifted_by = models.CharField(max_length=100, blank=True, default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "SKU held from sale"
        verbose_name_plural = "SKUs held from sale"
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "location"],
                condition=Q(lifted_at=None),
                name="inventory_hold_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_name}: {self.reason}"
