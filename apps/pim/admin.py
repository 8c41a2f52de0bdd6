"""Product texts in the back office: to read, to compare, to publish."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.pim import services
from apps.pim.models import Content, ContentVersion, Publication
from apps.pim.types import ContentKey
from ecommerce.backoffice import Operated, viewer_in_admin
from ecommerce.clock import now
from ecommerce.errors import ShopError


class _ReadOnly:
    """What is written by services is not typed in."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class VersionInline(_ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = ContentVersion
    fields = ("version", "title", "description", "bullets", "saved_at", "saved_by")
    ordering = ("-version",)
    extra = 0


class PublicationInline(_ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Publication
    fields = ("version", "published_at", "published_by")
    ordering = ("-id",)
    extra = 0


@admin.register(Content)
class ContentAdmin(Operated, _ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Texts by product, locale and channel; the last edited first."""

    list_display = ("product_id", "locale", "channel", "version", "live", "updated_at")
    list_filter = ("locale", "channel")
    search_fields = ("product_id",)
    ordering = ("-updated_at", "id")
    inlines = (VersionInline, PublicationInline)
    actions = ("approve",)
    show_full_result_count = False

    @display(description="Published", label={"latest": "success", "older": "warning"})  # type: ignore[untyped-decorator]  # unfold is untyped
    def live(self, content: Content) -> str:
        if content.published_version is None:
            return "no"
        return "latest" if content.published_version == content.version else "older"

    @admin.action(description="Publish the latest version", permissions=["operate"])
    def approve(self, request: HttpRequest, rows: "QuerySet[Content]") -> None:
        for row in rows:
            key = ContentKey(product_id=row.product_id, locale=row.locale, channel=row.channel)
            try:
                services.approve_content(
                    key=key,
                    expected_version=row.version,
                    viewer=viewer_in_admin(request),
                    now=now(),
                )
            except ShopError as refusal:
                messages.error(request, f"{row}: {refusal.detail}")
