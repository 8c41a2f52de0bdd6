"""Promotions, the coupons that bring them in, and who holds or has used which coupon."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ecommerce.ids import new_id

_PERIOD = Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to"))


class Promotion(models.Model):
    """A rule that gives a discount."""

    class Effect(models.TextChoices):
        PERCENTAGE = "percentage_discount"
        FIXED = "fixed_discount"
        FREE_SHIPPING = "free_shipping"

    class Stacking(models.TextChoices):
        EXCLUSIVE = "exclusive"
        COMBINABLE = "combinable"

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        PAUSED = "paused"
        ARCHIVED = "archived"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    effect = models.CharField(max_length=24, choices=Effect.choices)
    needs_coupon = models.BooleanField(default=False)
    channel = models.CharField(max_length=64, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    amount_minor = models.BigIntegerField(default=0)
    min_subtotal_minor = models.BigIntegerField(default=0)
    sku_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    category_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    priority = models.IntegerField(default=0)
    stacking = models.CharField(
        max_length=16, choices=Stacking.choices, default=Stacking.COMBINABLE
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_to = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["channel"],
                condition=Q(status="active", needs_coupon=False),
                name="pricing_automatic_promotions",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    effect="percentage_discount", percent__gt=0, percent__lte=100, amount_minor=0
                )
                | Q(effect="fixed_discount", percent=0, amount_minor__gt=0)
                | Q(effect="free_shipping", percent=0, amount_minor=0),
                name="pricing_promotion_effect",
            ),
            models.CheckConstraint(
                condition=Q(min_subtotal_minor__gte=0), name="pricing_promotion_threshold"
            ),
            models.CheckConstraint(
                condition=~Q(currency="") | Q(amount_minor=0, min_subtotal_minor=0),
                name="pricing_promotion_currency",
            ),
            models.CheckConstraint(condition=_PERIOD, name="pricing_promotion_period"),
        ]

    def __str__(self) -> str:
        return self.code


class Coupon(models.Model):
    """A code. Its counters move by guarded updates only; the CHECK is the last word."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        DISABLED = "disabled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64, unique=True)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="coupons")
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    per_customer_limit = models.PositiveIntegerField(null=True, blank=True)
    held = models.PositiveIntegerField(default=0)
    redeemed = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.ACTIVE)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_to = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(usage_limit__isnull=True)
                | Q(usage_limit__gte=F("held") + F("redeemed")),
                name="pricing_coupon_limit",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9_-]*$"), name="pricing_coupon_code"
            ),
            models.CheckConstraint(condition=_PERIOD, name="pricing_coupon_period"),
        ]

    def __str__(self) -> str:
        return self.code


class CouponUse(models.Model):
    """One order's claim on a coupon: held while it is paid, redeemed after, or given back."""

    class Status(models.TextChoices):
        HELD = "held"
        REDEEMED = "redeemed"
        RELEASED = "released"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, related_name="uses")
    order_id = models.UUIDField()
    customer_id = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.HELD)
    held_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["order_id"], name="pricing_uses_of_order"),
            models.Index(fields=["coupon", "customer_id"], name="pricing_uses_of_customer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["coupon", "order_id"], name="pricing_one_use_per_order")
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id} {self.status} by {self.order_id}"
