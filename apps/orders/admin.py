"""Orders for the back office: everything to see, nothing to type, one button."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from apps.orders import services
from apps.orders.models import Order, OrderAddress, OrderLine, OrderStatusChange
from ecommerce import clock
from ecommerce.backoffice import viewer_in_admin
from ecommerce.errors import ShopError


class ReadOnly:
    """What is written by services is not typed in."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class LineInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = OrderLine
    fields = (
        "position",
        "sku_code",
        "title",
        "seller",
        "quantity",
        "unit_price",
        "discount",
        "tax",
        "total",
    )
    readonly_fields = fields
    ordering = ("position",)
    extra = 0


class AddressInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = OrderAddress
    fields = (
        "kind",
        "email",
        "name",
        "line1",
        "line2",
        "city",
        "postal_code",
        "region",
        "country",
        "phone",
    )
    extra = 0


class HistoryInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = OrderStatusChange
    fields = ("version", "previous_status", "status", "reason", "actor", "occurred_at")
    ordering = ("version",)
    extra = 0


@admin.register(Order)
class OrderAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Orders, newest first."""

    list_display = (
        "number",
        "status",
        "payment_status",
        "total",
        "channel",
        "shipping_method",
        "placed_at",
        "updated_at",
    )
    list_filter = ("status", "payment_status", "channel", "currency", "merchant", "placed_at")
    search_fields = (
        "number",
        "id",
        "customer_id",
        "payment_id",
        "addresses__email",
        "lines__sku_code",
    )
    date_hierarchy = "placed_at"
    ordering = ("-placed_at", "-id")
    inlines = (LineInline, AddressInline, HistoryInline)
    actions = ("cancel_orders",)

    @admin.action(description="Cancel: give back stock, coupons and money")
    def cancel_orders(self, request: HttpRequest, chosen: "QuerySet[Order]") -> None:
        viewer = viewer_in_admin(request)
        for order_id, number in chosen.values_list("id", "number"):
            try:
                services.cancel_order(
                    order_id=order_id, reason="by the back office", viewer=viewer, now=clock.now()
                )
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{number} is canceled", messages.SUCCESS)
