"""The sales figures, to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.analytics.models import CustomerOrder


@admin.register(CustomerOrder)
class CustomerOrderAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("number", "status", "total_minor", "currency", "units", "channel", "placed_at")
    list_filter = ("status", "channel", "currency")
    search_fields = ("number", "customer_id")
    ordering = ("-placed_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
