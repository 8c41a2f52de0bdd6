"""The sales figures, to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from apps.analytics.models import CustomerOrder
from ecommerce.backoffice import money_column


@admin.register(CustomerOrder)
class CustomerOrderAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Orders as their latest news told them, newest first."""

    list_display = ("number", "status", "total", "units", "channel", "placed_at")
    list_filter = ("status", "channel", "currency")
    search_fields = ("number", "customer_id")
    ordering = ("-placed_at",)
    fields = (
        ("number", "status"),
        "order",
        ("total", "units"),
        "customer_id",
        ("channel", "placed_at"),
    )
    readonly_fields = ("total", "order")

    total = money_column("total")

    @admin.display
    def order(self, row: CustomerOrder) -> str:
        page = reverse("admin:orders_order_change", args=[row.order_id])
        return format_html('<a href="{}">{}</a>', page, row.number)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
