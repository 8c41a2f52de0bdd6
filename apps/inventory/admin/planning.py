"""Planning in the admin: forecasts are looked at, proposals ordered or dismissed."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.enums import ActionVariant

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.charts import DAYS_SHOWN, Curve, line_chart
from apps.inventory.admin.columns import link
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.admin.stepping import is_among, step_button, stepped
from apps.inventory.models import DemandForecast, ReplenishmentProposal
from apps.inventory.queries.planning import demand_around
from ecommerce.backoffice import SkuAdmin
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter


@admin.register(DemandForecast)
class DemandForecastAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "place",
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
    readonly_fields = ("sku", "title", "next_28_days", "error", "naive_error", "demand")
    fields = (
        ("sku", "title"),
        ("location", "computed_at"),
        ("abc", "pattern"),
        ("model", "history_days", "stockout_days"),
        ("error", "naive_error"),
        ("next_28_days", "starts_on"),
        "demand",
    )
    ordering = ("sku_id",)
    show_full_result_count = False

    @admin.display(description="next 28 days")
    def next_28_days(self, row: DemandForecast) -> str:
        return f"{sum(row.daily[:28]):.1f}"

    @admin.display(description="demand and its forecast")
    def demand(self, row: DemandForecast) -> SafeString:
        """Units sold a day, and what is expected."""
        since = row.starts_on - timedelta(days=DAYS_SHOWN)
        sold, expected = demand_around(row.sku_id, row.location_id, since=since)
        return line_chart(
            [Curve(name="sold", values=sold), Curve(name="forecast", values=expected)]
        )

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
        "place",
        "supplier",
        "units",
        "position",
        "reorder_point",
        "order_up_to",
        "state",
        "purchase_order",
        "created_at",
    )
    list_filter = (WaitingFilter, "state", "supplier", "location", "created_at")
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
    actions_detail: ClassVar = ["order_it", "dismiss_it"]
    show_full_result_count = False

    @admin.display(description="purchase order")
    def purchase_order(self, row: ReplenishmentProposal) -> SafeString | str:
        if row.order is None:
            return "–"
        return link("inventory_purchaseorder", row.order_id, row.order.number)

    @admin.display(description="why")
    def why(self, row: ReplenishmentProposal) -> SafeString:
        reasons = ((r["rule"], r["outcome"], r["why"]) for r in row.reasons)
        return format_html_join("", "<p><b>{}</b> {}: {}</p>", reasons)

    def has_order_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may write purchase orders; for one, as long as nobody has decided."""
        if not request.user.has_perm("inventory.add_purchaseorder"):
            return False
        return is_among(ReplenishmentProposal.objects.filter(state="PROPOSED"), object_id)

    @step_button(
        "Order",
        asks="Drafts a purchase order with these units, to be approved and sent.",
        permission="order",
        variant=ActionVariant.PRIMARY,
    )
    def order_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """A purchase order is drafted."""

        def step() -> str:
            (order,) = services.order_proposals(
                proposal_ids=[UUID(object_id)], author=str(request.user.pk), now=now()
            )
            return f"Drafted {order.number}."

        return stepped(self, request, object_id, step)

    @step_button(
        "Dismiss", asks="Not this time: the next run may propose again.", permission="order"
    )
    def dismiss_it(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """Nothing is ordered."""

        def step() -> str:
            services.dismiss_proposal(proposal_id=UUID(object_id), now=now())
            return "It is dismissed."

        return stepped(self, request, object_id, step)

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
            else:
                self.message_user(request, "Dismissed.", messages.SUCCESS)


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.0f} %"
