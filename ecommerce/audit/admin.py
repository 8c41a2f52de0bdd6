"""The audit trail in the back office: to read, never to write."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from ecommerce.audit.models import Entry, Seal


class _ReadOnly(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(_ReadOnly):
    list_display = ("occurred_at", "action", "entity_type", "entity_id", "actor_id")
    list_filter = ("entity_type", "action")
    search_fields = ("=entity_id", "=action", "=correlation_id")
    ordering = ("-occurred_at", "-id")


@admin.register(Seal)
class SealAdmin(_ReadOnly):
    list_display = ("number", "sealed_at", "entries", "head", "key_id")
    fields = ("number", "sealed_at", "entries", "head", "key_id")
    readonly_fields = ("entries", "head")
    ordering = ("-number",)

    @admin.display(description="Entries")
    def entries(self, seal: Seal) -> int:
        return len(seal.entry_ids)

    @admin.display(description="Digest")
    def head(self, seal: Seal) -> str:
        return bytes(seal.digest).hex()
