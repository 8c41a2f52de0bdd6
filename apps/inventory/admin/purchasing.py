"""Buying in the admin: suppliers and drafts are edited, every step is a service's."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.models import (
    PurchaseCost,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierTerm,
)
from apps.inventory.queries.purchasing import next_number
from apps.inventory.types import AnnounceInbound
from ecommerce.backoffice import SkuColumns, SkuInlinesAdmin, shown, viewer_in_admin
from ecommerce.clock import now
from ecommerce.errors import ShopError


class TermInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    model = SupplierTerm
    fields = (
        "sku",
        "title",
        "sku_id",
        "supplier_sku",
        "unit_cost_minor",
        "minimum_units",
        "pack_units",
        "preferred",
    )
    readonly_fields = ("sku", "title")
    extra = 0


@admin.register(Supplier)
class SupplierAdmin(SkuInlinesAdmin):
    list_display = (
        "code",
        "name",
        "email",
        "currency",
        "lead_time_days",
        "lead_time_spread_days",
        "active",
    )
    list_filter = ("active", "currency")
    search_fields = ("code", "name", "email")
    ordering = ("code",)
    readonly_fields = ("created_at",)
    inlines: ClassVar = [TermInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _WhileDraft:
    """What belongs to an order is edited as long as it is a draft."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)


class PurchaseLineInline(_WhileDraft, SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    model = PurchaseOrderLine
    fields = (
        "position",
        "sku",
        "title",
        "sku_id",
        "ordered",
        "unit_cost_minor",
        "received",
        "damaged",
        "cancelled",
    )
    readonly_fields = ("sku", "title", "received", "damaged", "cancelled")
    ordering = ("position",)
    extra = 0


class CostInline(_WhileDraft, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = PurchaseCost
    fields = ("kind", "amount_minor", "split")
    extra = 0


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(SkuInlinesAdmin):
    list_display = (
        "number",
        "supplier",
        "location",
        "state",
        "goods",
        "expected_on",
        "created_at",
        "sent_at",
    )
    list_filter = ("state", "supplier", "location", "created_at")
    list_select_related = ("supplier", "location")
    search_fields = ("number", "supplier__code", "supplier__name")
    ordering = ("-created_at",)
    fields = (
        ("number", "state"),
        ("supplier", "location"),
        ("expected_on", "exchange_rate"),
        "note",
        ("author", "approved_by", "approved_at"),
        ("sent_at", "mailed", "closed_at"),
        "reason",
    )
    readonly_fields = (
        "number",
        "state",
        "author",
        "approved_by",
        "approved_at",
        "sent_at",
        "mailed",
        "closed_at",
        "reason",
    )
    inlines: ClassVar = [PurchaseLineInline, CostInline]
    actions: ClassVar = ["approve", "send", "send_by_hand", "announce", "cancel", "close"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[PurchaseOrder]":
        rows: QuerySet[PurchaseOrder] = super().get_queryset(request)
        return rows.select_related("mail").prefetch_related("lines")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if _is_draft(obj):
            return self.readonly_fields
        return [name for row in self.fields for name in ([row] if isinstance(row, str) else row)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.number = next_number("PO")
            obj.author = str(request.user.pk)
        else:
            obj.version += 1
        obj.currency = obj.supplier.currency
        super().save_model(request, obj, form, change)

    @admin.display(description="goods")
    def goods(self, order: PurchaseOrder) -> str:
        total = sum(line.ordered * line.unit_cost_minor for line in order.lines.all())
        return shown(total, order.currency)

    @admin.display(description="mailed")
    def mailed(self, order: PurchaseOrder) -> str:
        mail = getattr(order, "mail", None)
        if mail is None:
            return "–"
        return str(mail.delivered_at or f"not yet, {mail.attempts} attempts: {mail.error}")

    @admin.action(description="Approve")
    def approve(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.approve_purchase_order)

    @admin.action(description="Send by mail")
    def send(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.send_purchase_order)

    @admin.action(description="Mark as sent: the supplier was told otherwise")
    def send_by_hand(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.send_purchase_order, by_hand=True)

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.cancel_purchase_order, reason="by the back office")

    @admin.action(description="Close short: nothing more will come")
    def close(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        self._each(request, chosen, services.close_purchase_order, reason="by the back office")

    @admin.action(description="Receive: make a delivery of what is outstanding")
    def announce(self, request: HttpRequest, chosen: "QuerySet[PurchaseOrder]") -> None:
        for order_id, number in list(chosen.values_list("id", "number")):
            try:
                made = services.create_inbound(AnnounceInbound(order_id=order_id))
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{made.number} waits under Inbounds", messages.SUCCESS)

    def _each(
        self,
        request: HttpRequest,
        chosen: "QuerySet[PurchaseOrder]",
        step: Callable[..., Any],
        **more: Any,
    ) -> None:
        viewer = viewer_in_admin(request)
        for order_id, number in list(chosen.values_list("id", "number")):
            try:
                done = step(order_id=order_id, viewer=viewer, now=now(), **more)
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{number} is {done.state}", messages.SUCCESS)


def _is_draft(order: Any) -> bool:
    return not isinstance(order, PurchaseOrder) or order.state == "DRAFT"
