"""Transfers in the admin: looked at, sent, received and settled."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly, WhoColumn
from apps.inventory.models import StockTransfer, StockTransferLine
from apps.inventory.types import ArrivedLine, ReceiveTransfer, Transfer
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter


class TransferLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    model = StockTransferLine
    fields = ("sku", "title", "quantity", "received", "damaged", "lost")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StockTransfer)
class StockTransferAdmin(WhoColumn, SkuInlinesAdmin, ReadOnly):
    list_display = (
        "requested_at",
        "source",
        "destination",
        "status",
        "shipped_at",
        "reason",
        "who",
    )
    list_filter = (WaitingFilter, "status", "source", "destination")
    list_select_related = ("source", "destination")
    search_fields = ("=id", "=lines__sku_id")
    ordering = ("-requested_at",)
    inlines: ClassVar = [TransferLineInline]
    actions: ClassVar = ["ship", "receive_all", "close", "cancel"]
    show_full_result_count = False

    @admin.action(description="Ship", permissions=["operate"])
    def ship(self, request: HttpRequest, chosen: Any) -> None:
        actor = str(request.user.pk)
        self._each(
            request, chosen, lambda key: services.ship_transfer(transfer_id=key, actor=actor)
        )

    @admin.action(description="Receive everything in good order", permissions=["operate"])
    def receive_all(self, request: HttpRequest, chosen: Any) -> None:
        actor = str(request.user.pk)
        self._each(request, chosen, lambda key: _all_arrived(key, actor))

    @admin.action(description="Close: what has not come is lost", permissions=["operate"])
    def close(self, request: HttpRequest, chosen: Any) -> None:
        actor = str(request.user.pk)
        self._each(
            request,
            chosen,
            lambda key: services.close_transfer(
                transfer_id=key, reason="closed in the admin", actor=actor
            ),
        )

    @admin.action(description="Cancel", permissions=["operate"])
    def cancel(self, request: HttpRequest, chosen: Any) -> None:
        self._each(request, chosen, lambda key: services.cancel_transfer(transfer_id=key))

    def _each(self, request: HttpRequest, chosen: Any, act: Callable[[UUID], Transfer]) -> None:
        for key in chosen.values_list("id", flat=True):
            try:
                after = act(key)
            except ShopError as refusal:
                self.message_user(request, f"{key}: {refusal.detail}", messages.ERROR)
            else:
                self.message_user(request, f"{key}: {after.status}", messages.SUCCESS)


def _all_arrived(transfer_id: UUID, actor: str) -> Transfer:
    found = services.get_transfer(transfer_id=transfer_id)
    return services.receive_transfer(
        ReceiveTransfer(
            transfer_id=transfer_id,
            lines=tuple(
                ArrivedLine(sku_id=line.sku_id, received=line.outstanding) for line in found.lines
            ),
            receipt="all in the admin",
            actor=actor,
        )
    )
