"""Which locations send an order, by which rules that was decided, and why."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from apps.inventory.models.reservation import Reservation
from apps.inventory.models.stock import Location
from ecommerce.ids import new_id


class RoutingPolicy(models.Model):
    """What makes a location the right one, for the orders of a channel; without a channel, for all others."""

    class Objective(models.TextChoices):
        SPLITS = "splits", "as few parcels as can be"
        COST = "cost", "the cheapest parcels"
        DISTANCE = "distance", "the shortest way"
        PROMISE = "promise", "the earliest date"
        EXPIRY = "expiry", "what expires first"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=40, blank=True, default="", unique=True)
    objective = models.CharField(max_length=10, choices=Objective.choices, default=Objective.SPLITS)
    own_country_first = models.BooleanField(
        default=False, help_text="Other countries only where their own does not have all."
    )
    most_parcels = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Where more would be needed, the order stays where it is."
    )
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name_plural = "routing policies"

    def __str__(self) -> str:
        return f"{self.channel or 'all channels'}: {self.objective}"


class RoutingRule(models.Model):
    """What a policy says of one location: not to be used, or before or after its turn, for one country or all."""

    class Effect(models.TextChoices):
        EXCLUDE = "exclude"
        PRIORITY = "priority"

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(
        RoutingPolicy, on_delete=models.CASCADE, related_name="rules", db_index=False
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    country = models.CharField(max_length=2, blank=True, default="")
    effect = models.CharField(max_length=10, choices=Effect.choices)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "location", "country"], name="inventory_routing_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(effect="exclude", priority=None)
                | Q(effect="priority", priority__isnull=False),
                name="inventory_routing_rule_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect} {self.location_id}"


class Allocation(models.Model):
    """An order's way through the warehouses: ALLOCATED → PICKING → PICKED → PACKED → SHIPPED.

    RELEASED where the stock was given back, FAILED where units were not found and nowhere else are any.
    Which units are where is in the lines of its reservation, how many are picked in the tasks: told once.
    ``decision`` is why they are there.
    """

    class Status(models.TextChoices):
        ALLOCATED = "ALLOCATED"
        PICKING = "PICKING"
        PICKED = "PICKED"
        PACKED = "PACKED"
        SHIPPED = "SHIPPED"
        RELEASED = "RELEASED"
        FAILED = "FAILED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reservation = models.OneToOneField(Reservation, on_delete=models.PROTECT, related_name="+")
    order_id = models.UUIDField(unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ALLOCATED)
    channel = models.CharField(max_length=40, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    decision = models.JSONField(default=dict)
    routing_due = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=TransactionNow())
    updated_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="inventory_allocation_newest"),
            models.Index(
                fields=["created_at"],
                name="inventory_allocation_due",
                condition=Q(routing_due=True),
            ),
            models.Index(
                fields=["status"],
                name="inventory_allocation_open",
                condition=~Q(status__in=["RELEASED", "SHIPPED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.status}"
