"""Holds in the admin: looked at, and given back."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.columns import order_column
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import (
    Reservation,
    ReservationLine,
)
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter


class ReservationLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    model = ReservationLine
    fields = ("sku", "title", "location", "quantity", "shipped")
    extra = 0
    can_delete = False
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Reservation)
class ReservationAdmin(SkuInlinesAdmin, ReadOnly):
    list_display = (
        "created_at",
        "order",
        "reference",
        "status",
        "expires_at",
        "closed_at",
        "reason",
    )
    list_filter = (WaitingFilter, "status", "created_at")
    search_fields = ("=order_id", "=id", "=reference")
    readonly_fields = ("order",)
    exclude = ("order_id",)
    ordering = ("-created_at",)
    inlines: ClassVar = [ReservationLineInline]
    actions: ClassVar = ["release"]
    show_full_result_count = False

    order = order_column()

    @admin.action(description="Give the stock back", permissions=["operate"])
    def release(self, request: HttpRequest, reservations: Any) -> None:
        given = 0
        for order_id in reservations.values_list("order_id", flat=True):
            try:
                services.release_reservation(order_id=order_id, reason="released in the admin")
                given += 1
            except ShopError as refusal:
                self.message_user(request, f"{order_id}: {refusal.detail}", messages.ERROR)
        self.message_user(request, f"{given} released.", messages.SUCCESS)
