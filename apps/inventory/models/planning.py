"""What was sold, what will be, and what to buy because of it."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.naming import OfSku
from apps.inventory.models.purchasing import PurchaseOrder, Supplier
from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class DailyDemand(models.Model):
    """Units of a SKU that left a location on a day (UTC): a read model of the ledger's shipments."""

    id = models.BigAutoField(primary_key=True)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()
    units = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "location", "day"], name="inventory_demand_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.sku_id} on {self.day}"


class Stockout(models.Model):
    """From when to when a SKU could not be sold: at a location where none was on hand, or, without a
    location, anywhere, since all was promised. A read model of what stock tells."""

    id = models.BigAutoField(primary_key=True)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "location"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="inventory_stockout_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="inventory_stockout_ends_after",
            ),
        ]
        indexes = [models.Index(fields=["sku_id", "began_at"], name="inventory_stockouts_of")]

    def __str__(self) -> str:
        return f"{self.sku_id} from {self.began_at:%Y-%m-%d %H:%M}"


class DemandForecast(OfSku, models.Model):
    """The last forecast for a SKU at a location: units per day from ``starts_on`` on.

    Errors are of weekly sums in the backtest, as parts of the demand; NULL where there was no history
    to test on. ``stockout_days`` of the ``history_days`` it could not be sold: these are unknown.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    daily = models.JSONField()
    sigma_daily = models.FloatField()
    model = models.CharField(max_length=40)
    pattern = models.CharField(max_length=12)
    abc = models.CharField(max_length=1)
    history_days = models.PositiveIntegerField()
    stockout_days = models.FloatField(default=0, db_default=0)
    wape = models.FloatField(null=True)
    bias = models.FloatField(null=True)
    naive_wape = models.FloatField(null=True)
    naive_bias = models.FloatField(null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku_id", "location"], name="inventory_forecast_once")
        ]

    def __str__(self) -> str:
        return f"{self.sku_name} by {self.model}"


class ReplenishmentProposal(OfSku, models.Model):
    """Units to buy, with the reasons. At most one of a SKU and location is open; it follows the numbers."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED"
        ORDERED = "ORDERED"
        DISMISSED = "DISMISSED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sku_id = models.UUIDField()
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    units = models.IntegerField()
    position = models.IntegerField()
    safety_stock = models.IntegerField()
    reorder_point = models.IntegerField()
    order_up_to = models.IntegerField()
    reasons = models.JSONField()
    order = models.ForeignKey(
        PurchaseOrder, null=True, on_delete=models.PROTECT, related_name="proposals"
    )
    created_at = models.DateTimeField(db_default=TransactionNow())
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku_id", "location"],
                condition=Q(state="PROPOSED"),
                name="inventory_proposal_one_open",
            ),
            models.CheckConstraint(condition=Q(units__gte=1), name="inventory_proposal_some"),
            models.CheckConstraint(
                condition=Q(state="ORDERED", order__isnull=False)
                | (~Q(state="ORDERED") & Q(order__isnull=True)),
                name="inventory_proposal_ordered_by",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="inventory_proposal_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.sku_name}"
