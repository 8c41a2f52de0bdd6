"""Pictures, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.catalog.models import Media


@admin.register(Media)
class MediaAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Pictures, newest first."""

    list_display = ("preview", "file_name", "alt", "content_type", "width", "height", "byte_size")
    search_fields = ("file_name", "alt")
    ordering = ("-created_at",)
    show_full_result_count = False

    @display(description="")  # type: ignore[untyped-decorator]  # unfold is untyped
    def preview(self, media: Media) -> str:
        url = f"/api/v1/media/{media.id}/variants/thumb"
        return format_html('<img src="{}" alt="" style="height:3rem">', url)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
