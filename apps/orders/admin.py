"""Orders for the back office: everything to see, nothing to type, one button."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from apps.orders import services
from apps.orders.models import Order, OrderAddress, OrderLine, OrderStatusChange
from ecommerce import clock
from ecommerce.backoffice import Operated, money_column, viewer_in_admin
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
class OrderAdmin(Operated, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
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
    fieldsets = (
        (
            None,
            {"fields": (("number", "status", "payment_status"), ("status_reason", "status_actor"))},
        ),
        (
            "Money",
            {
                "fields": (
                    ("subtotal", "discount", "shipping", "total"),
                    ("tax", "shipping_tax", "prices_include_tax"),
                    ("paid", "refunded", "coupon_codes"),
                )
            },
        ),
        ("More of it", {"fields": ("payment", "checkout", "sagas", "fulfilments")}),
        (
            "Whose",
            {"fields": (("customer_id", "merchant"), ("channel", "locale", "shipping_method"))},
        ),
        (
            "When",
            {"fields": (("placed_at", "fulfilment_started_at", "updated_at"), ("id", "version"))},
        ),
    )
    readonly_fields = (
        "subtotal",
        "discount",
        "shipping",
        "total",
        "tax",
        "shipping_tax",
        "paid",
        "refunded",
        "payment",
        "checkout",
        "sagas",
        "fulfilments",
    )
    inlines = (LineInline, AddressInline, HistoryInline)
    actions = ("cancel_orders",)

    total = money_column("total")
    subtotal = money_column("subtotal")
    discount = money_column("discount")
    shipping = money_column("shipping")
    tax = money_column("tax", description="Tax, that on shipping too")
    shipping_tax = money_column("shipping_tax")
    paid = money_column("paid")
    refunded = money_column("refunded")

    @admin.display
    def payment(self, order: Order) -> str:
        if not order.total_minor:
            return "nothing had to be paid"
        page = reverse("admin:payments_payment_change", args=[order.payment_id])
        return format_html('<a href="{}">{}</a>', page, order.payment_id)

    @admin.display
    def checkout(self, order: Order) -> str:
        page = reverse("admin:checkout_checkout_change", args=[order.checkout_id])
        return format_html('<a href="{}">{}</a>', page, order.checkout_id)

    @admin.display(description="Saga")
    def sagas(self, order: Order) -> str:
        found = reverse("admin:checkout_saga_changelist")
        return format_html('<a href="{}?q={}">how it was bought</a>', found, order.id)

    @admin.display(description="Warehouse")
    def fulfilments(self, order: Order) -> str:
        found = reverse("admin:shipping_fulfilment_changelist")
        return format_html('<a href="{}?q={}">its fulfilments</a>', found, order.number)

    @admin.action(description="Cancel: give back stock, coupons and money", permissions=["operate"])
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
