"""Price lists and prices, whose periods the database keeps apart."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Cast

from ecommerce.ids import new_id


class PriceList(models.Model):
    """The prices of one channel in one currency; where several hold, the highest priority wins."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        ARCHIVED = "archived"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    priority = models.IntegerField(default=0)
    prices_include_tax = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_to = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "currency"],
                condition=Q(is_default=True),
                name="pricing_one_default_list",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lt=F("valid_to")),
                name="pricing_list_period",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="pricing_list_currency"
            ),
            # A quote has one channel and one currency, and so one answer to "is tax in the prices?".
            ExclusionConstraint(
                name="pricing_lists_agree_on_tax",
                expressions=[
                    ("channel", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    (Cast("prices_include_tax", models.IntegerField()), RangeOperators.NOT_EQUAL),
                ],
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.channel}, {self.currency})"


class Price(models.Model):
    """What a SKU costs in a list for a time. A row never changes its amount: a successor replaces it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="prices", db_index=False
    )
    sku_id = models.UUIDField()
    min_quantity = models.PositiveIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    compare_at_minor = models.BigIntegerField(null=True, blank=True)
    valid_during = DateTimeRangeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Set where the price was called off before it began (or replaced at the instant it began)."""
    begun = models.BooleanField(default=True)
    """False for a scheduled price until its beginning was announced."""
    replaces_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    actor_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["sku_id"], name="pricing_price_sku"),
            models.Index(fields=["price_list", "id"], name="pricing_price_of_list"),
            models.Index(fields=["id"], condition=Q(begun=False), name="pricing_price_to_begin"),
        ]
        constraints = [
            ExclusionConstraint(
                name="pricing_price_periods_apart",
                expressions=[
                    ("price_list", RangeOperators.EQUAL),
                    ("sku_id", RangeOperators.EQUAL),
                    ("min_quantity", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="pricing_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(compare_at_minor__isnull=True) | Q(compare_at_minor__gte=0),
                name="pricing_compare_at_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gte=1), name="pricing_min_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(valid_during__isempty=False), name="pricing_price_period_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.amount_minor} from {self.min_quantity}"
