"""What the storefront shows, to look into."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.search.models import Document


@admin.register(Document)
class DocumentAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("title", "brand", "slug", "in_stock", "version", "published_at")
    list_filter = ("in_stock",)
    search_fields = ("title", "brand", "slug")
    exclude = ("vector",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
