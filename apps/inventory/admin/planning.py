"""Planning in the admin: forecasts are looked at, proposals ordered or dismissed."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import DemandForecast, ReplenishmentProposal
from ecommerce.backoffice import SkuAdmin
from ecommerce.clock import now
from ecommerce.errors import ShopError


@admin.register(DemandForecast)
class DemandForecastAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "location",
        "abc",
        "pattern",
        "model",
        "next_28_days",
        "error",
        "naive_error",
        "computed_at",
    )
    list_filter = ("abc", "pattern", "model", "location")
    list_select_related = ("location",)
    search_fields = ("=sku_id",)
    readonly_fields = ("sku", "title")
    ordering = ("sku_id",)
    show_full_result_count = False

    @admin.display(description="next 28 days")
    def next_28_days(self, row: DemandForecast) -> str:
        return f"{sum(row.daily[:28]):.1f}"

    @admin.display(description="WAPE", ordering="wape")
    def error(self, row: DemandForecast) -> str:
        return _percent(row.wape)

    @admin.display(description="seasonal-naive", ordering="naive_wape")
    def naive_error(self, row: DemandForecast) -> str:
        return _percent(row.naive_wape)


@admin.register(ReplenishmentProposal)
class ReplenishmentProposalAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "location",
        "supplier",
        "units",
        "position",
        "reorder_point",
        "order_up_to",
        "state",
        "purchase_order",
        "created_at",
    )
    list_filter = ("state", "supplier", "location", "created_at")
    list_select_related = ("location", "supplier", "order")
    search_fields = ("=sku_id", "order__number")
    fields = (
        "sku",
        "title",
        "location",
        "supplier",
        "state",
        "units",
        "position",
        "safety_stock",
        "reorder_point",
        "order_up_to",
        "why",
        "purchase_order",
    )
    readonly_fields = ("sku", "title", "why", "purchase_order")
    ordering = ("-created_at",)
    actions: ClassVar = ["order_them", "dismiss"]
    show_full_result_count = False

    @admin.display(description="purchase order")
    def purchase_order(self, row: ReplenishmentProposal) -> SafeString | str:
        if row.order is None:
            return "–"
        url = reverse("admin:inventory_purchaseorder_change", args=[row.order_id])
        return format_html('<a href="{}">{}</a>', url, row.order.number)

    @admin.display(description="why")
    def why(self, row: ReplenishmentProposal) -> SafeString:
        reasons = ((r["rule"], r["outcome"], r["why"]) for r in row.reasons)
        return format_html_join("", "<p><b>{}</b> {}: {}</p>", reasons)

    def has_order_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may write purchase orders."""
        return request.user.has_perm("inventory.add_purchaseorder")

    @admin.action(description="Order", permissions=["order"])
    def order_them(self, request: HttpRequest, chosen: "QuerySet[ReplenishmentProposal]") -> None:
        ids = list(chosen.values_list("id", flat=True))
        try:
            orders = services.order_proposals(
                proposal_ids=ids, author=str(request.user.pk), now=now()
            )
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            numbers = ", ".join(order.number for order in orders)
            self.message_user(request, f"Drafted {numbers}.", messages.SUCCESS)

    @admin.action(description="Dismiss", permissions=["order"])
    def dismiss(self, request: HttpRequest, chosen: "QuerySet[ReplenishmentProposal]") -> None:
        for row_id in list(chosen.values_list("id", flat=True)):
            try:
                services.dismiss_proposal(proposal_id=row_id, now=now())
            except ShopError as refusal:
                self.message_user(request, refusal.detail, messages.WARNING)


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.0f} %"
