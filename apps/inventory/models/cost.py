"""What stock cost: layers of units that came in together, and the amounts that make up each."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class CostLayer(models.Model):
    """Units that one arriving ledger entry brought. Append-only.

    ``occurred_at`` is when they came, which may be before the entry was written (``recorded_at``).
    """

    movement_id = models.UUIDField(primary_key=True)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    units = models.IntegerField()
    source = models.CharField(max_length=20)
    reference = models.UUIDField(null=True, help_text="the order line that it came by")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(units__gte=1), name="inventory_layer_has_units"
            )
        ]
        indexes = [
            models.Index(fields=["sku_id"], name="inventory_layer_by_sku"),
            models.Index(fields=["reference"], name="inventory_layer_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.sku_id}"


class CostEntry(models.Model):
    """A part of what a layer cost, in minor units of the books' currency. Append-only.

    What is learnt later is another entry: a freight bill, a credit. Its ``recorded_at`` says since when
    it is known.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    layer = models.ForeignKey(CostLayer, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 NULL is "no key", and any number may have none
    recorded_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class ValueSnapshot(models.Model):
    """What a SKU's stock was worth at a time (``until``), by what was written until ``known_at``: derived, so
    that a valuation need not read what came before. Whether it still holds is asked when it is used.
    """

    id = models.BigAutoField(primary_key=True)
    sku_id = models.UUIDField()
    method = models.CharField(max_length=10)
    until = models.DateTimeField()
    known_at = models.DateTimeField()
    state = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "method", "until"], name="inventory_value_snapshot_once"
            ),
            models.CheckConstraint(
                condition=models.Q(known_at__gte=models.F("until")),
                name="inventory_value_snapshot_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} until {self.until:%Y-%m-%d}"
