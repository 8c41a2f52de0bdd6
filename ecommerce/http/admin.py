"""Which commands came with a key, and what they were answered: to look at, not to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from ecommerce.http.models import IdempotencyKey


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("key", "operation", "caller", "status", "created_at", "expires_at")
    list_filter = ("status", "created_at")
    search_fields = ("key", "caller")
    ordering = ("-created_at",)
    fields = (*list_display, "lease_until")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
