"""Carts and their lines."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.cart.types import MAX_QUANTITY
from ecommerce.ids import new_id


class Cart(models.Model):
    """What somebody means to buy. ``version`` counts every change and is the ETag."""

    class Status(models.TextChoices):
        OPEN = "open"
        LOCKED = "locked"
        COMPLETED = "completed"
        MERGED = "merged"
        DELETED = "deleted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    locale = models.CharField(max_length=35)
    country = models.CharField(max_length=2, blank=True, default="")
    region = models.CharField(max_length=16, blank=True, default="")
    customer_id = models.UUIDField(null=True, blank=True)
    guest_token_hash = models.CharField(max_length=64, blank=True, default="")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    coupon_codes = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    order_id = models.UUIDField(null=True, blank=True)
    merged_into = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id", "channel"],
                condition=Q(customer_id__isnull=False, status__in=["open", "locked"]),
                name="cart_one_open_per_customer",
            ),
            models.UniqueConstraint(
                fields=["guest_token_hash", "channel"],
                condition=~Q(guest_token_hash="") & Q(status__in=["open", "locked"]),
                name="cart_one_open_per_guest",
            ),
            models.CheckConstraint(
                condition=Q(customer_id__isnull=True) ^ Q(guest_token_hash=""),
                name="cart_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(order_id__isnull=True) ^ Q(status="completed"),
                name="cart_completed_by_an_order",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) ^ Q(status="merged"),
                name="cart_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.status}, v{self.version})"


class CartItem(models.Model):
    """So many of one SKU. A SKU is in a cart once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="items", db_index=False)
    sku_id = models.UUIDField()
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku_id"], name="cart_sku_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY),
                name="cart_item_quantity_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku_id}"
