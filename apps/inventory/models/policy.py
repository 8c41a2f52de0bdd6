"""How a SKU is sold beyond its stock, what it is made up of, and how its units are counted out."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from apps.inventory.models.naming import OfSku
from apps.inventory.models.stock import StockLevel


class StockPolicy(OfSku, models.Model):
    """What holds for one SKU; a SKU without a row sells what it has, and counts it on one row."""

    class Oversell(models.TextChoices):
        DENY = "deny"
        BACKORDER = "backorder"
        PREORDER = "preorder"

    class Counting(models.TextChoices):
        PLAIN = "plain"
        STRIPED = "striped"
        FLASH = "flash"

    sku_id = models.UUIDField(primary_key=True)
    oversell = models.CharField(max_length=10, choices=Oversell.choices, default=Oversell.DENY)
    oversell_limit = models.IntegerField(default=0, db_default=0)
    backordered = models.IntegerField(default=0, db_default=0, editable=False)
    promised_at = models.DateTimeField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    safety_buffer = models.IntegerField(default=0, db_default=0)
    counting = models.CharField(
        max_length=10, choices=Counting.choices, default=Counting.PLAIN, db_default=Counting.PLAIN
    )
    counting_automatic = models.BooleanField(default=False, db_default=False)
    counting_since = models.DateTimeField(db_default=TransactionNow())
    announced = models.IntegerField(null=True, editable=False)
    is_kit = models.BooleanField(default=False, db_default=False, editable=False)
    version = models.BigIntegerField(default=0, db_default=0, editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name_plural = "stock policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(backordered__gte=0) & Q(backordered__lte=F("oversell_limit")),
                name="inventory_policy_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(safety_buffer__gte=0), name="inventory_policy_buffer_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="inventory_policy_window",
            ),
        ]
        indexes = [
            models.Index(
                fields=["counting"],
                name="inventory_policy_hot",
                condition=~Q(counting="plain"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_name}: {self.oversell}, {self.counting}"


class KitComponent(models.Model):
    """So many units of a SKU are in a kit. A kit has no kit in it, held by a trigger."""

    id = models.BigAutoField(primary_key=True)
    kit_sku_id = models.UUIDField()
    component_sku_id = models.UUIDField(db_index=True)
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kit_sku_id", "component_sku_id"], name="inventory_component_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_component_some"),
            models.CheckConstraint(
                condition=~Q(kit_sku_id=F("component_sku_id")),
                name="inventory_component_not_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} in a kit"


class Stripe(models.Model):
    """One of the rows on which a hot level counts out its units, so that buyers need not queue on one.

    The level's ``reserved`` includes what its stripes have been given: ``free`` units that anybody may
    take, and ``allocated`` ones, which the level counts as reserved still. So nothing that looks at the
    level alone can promise them twice.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.ForeignKey(
        StockLevel, on_delete=models.CASCADE, related_name="stripes", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    open = models.BooleanField(default=True, db_default=True)
    free = models.IntegerField(default=0, db_default=0)
    allocated = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "number"], name="inventory_stripe_once"),
            models.CheckConstraint(condition=Q(free__gte=0), name="inventory_stripe_free"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0), name="inventory_stripe_allocated"
            ),
        ]

    def __str__(self) -> str:
        return f"stripe {self.number} of {self.level_id}: {self.free}"
