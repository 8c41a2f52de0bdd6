"""Stock in the admin: levels are corrected through the service, ledgers are read."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.charts import DAYS_SHOWN, Curve, line_chart
from apps.inventory.admin.columns import link, short, table
from apps.inventory.admin.read_only import ReadOnly, WhoColumn
from apps.inventory.admin.typed import MoneyField
from apps.inventory.models import (
    Location,
    StockLevel,
    StockMovement,
    Stripe,
)
from apps.inventory.queries.history import daily_on_hand, movements
from apps.inventory.queries.planning import demand_around
from apps.inventory.types import AdjustStock, LotStock
from ecommerce.backoffice import SkuAdmin, is_id, people
from ecommerce.clock import now
from ecommerce.dimensions import CURRENCY
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter

HISTORY = 20
"""Movements that a level's page shows."""
_ABOUT = {
    "shipment": "orders_order",
    "count": "inventory_countsession",
    "transfer_out": "inventory_stocktransfer",
    "transfer_in": "inventory_stocktransfer",
}


class AdjustForm(BaseDialogForm):  # type: ignore[misc]  # unfold is untyped
    """How much more or less, and why."""

    delta = forms.IntegerField(label="Units, as +3 or -2", widget=UnfoldAdminIntegerFieldWidget())
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget())


def _reference(row: StockMovement) -> SafeString | str:
    """What it refers to: by a way to its page, where there can be but one."""
    if not is_id(row.reference):
        return row.reference
    page = _ABOUT.get(row.kind)
    return link(page, row.reference) if page else short(row.reference)


def _expiry(lot: LotStock) -> str:
    if lot.expires_on is None:
        return "never"
    return f"{lot.expires_on}, expired" if lot.expired else f"{lot.expires_on}"


class LocationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A place, with what its parcels cost as people say it."""

    parcel_cost_minor = MoneyField(
        label="Parcel cost", help_text=f"What a parcel within its country costs, in {CURRENCY}."
    )
    parcel_cost_abroad_minor = MoneyField(
        label="Parcel cost abroad", help_text=f"What one to another country costs, in {CURRENCY}."
    )

    class Meta:
        help_texts = {
            "code": "Short and lasting: files, devices and the API call it so.",
            "country": "Two letters, as DE: orders of the same country can be sent from here first.",
            "priority": "The lowest number is sold from first.",
            "active": "Nothing is sold from a location that is not.",
            "latitude": "For routing by distance; north is positive. With the longitude or not at all.",
            "longitude": "East is positive.",
        }


@admin.register(Location)
class LocationAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    form = LocationForm
    list_display = ("code", "name", "kind", "country", "priority", "warehouse_system", "active")
    list_filter = ("kind", "active", "country")
    search_fields = ("code", "name")
    ordering = ("priority", "code")
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "country", "priority", "active")}),
        (
            "Sending from here",
            {
                "fields": (
                    ("parcel_cost_minor", "parcel_cost_abroad_minor"),
                    ("lead_days", "daily_capacity"),
                    ("latitude", "longitude"),
                    "warehouse_system",
                )
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StockLevel)
class StockLevelAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "place",
        "on_hand",
        "reserved",
        "allocated",
        "available",
        "damaged",
        "incoming",
        "from_sale",
    )
    list_filter = (WaitingFilter, "location", "seller")
    list_select_related = ("location",)
    search_fields = ("=sku_id",)
    ordering = ("sku_id", "location_id")
    readonly_fields = (
        "sku",
        "title",
        "available",
        "on_hand_lately",
        "demand",
        "last_movements",
        "lots",
    )
    fields = (
        ("sku", "title"),
        ("location", "seller"),
        ("on_hand", "available"),
        ("reserved", "allocated"),
        ("damaged", "incoming"),
        ("held", "moved_at"),
        "on_hand_lately",
        "demand",
        "last_movements",
        "lots",
    )
    actions_detail: ClassVar = ["adjust"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[StockLevel]":
        """With what a hot level has counted out on its stripes, which it calls reserved."""
        stripes = Stripe.objects.filter(level=OuterRef("pk")).values("level")
        free = Subquery(stripes.annotate(free_units=Sum("free")).values("free_units"))
        rows: QuerySet[StockLevel] = super().get_queryset(request)
        return rows.annotate(on_stripes=Coalesce(free, 0))

    def has_adjust_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may change stock, though not by hand. Asked by name: Unfold looks a dotted
        permission up in the database before the first migration has run."""
        return request.user.has_perm("inventory.change_stocklevel")

    @admin.display(description="available")
    def available(self, level: StockLevel) -> int:
        free: int = level.on_hand - level.reserved - level.allocated + level.on_stripes  # type: ignore[attr-defined]  # annotated
        return free

    @admin.display(description="from sale", ordering="held")
    def from_sale(self, level: StockLevel) -> str:
        return "held" if level.held else ""

    @admin.display(description="on hand, 90 days")
    def on_hand_lately(self, level: StockLevel) -> SafeString:
        """At the end of each day, by the ledger."""
        today = now().date()
        days = daily_on_hand(level.sku_id, level.location_id, days=DAYS_SHOWN, until=today)
        return line_chart([Curve(name="on hand", values=days, stepped=True)])

    @admin.display(description="demand and its forecast")
    def demand(self, level: StockLevel) -> SafeString | str:
        """Units sold a day, and what is expected of the next weeks."""
        since = now().date() - timedelta(days=DAYS_SHOWN)
        sold, expected = demand_around(level.sku_id, level.location_id, since=since)
        if not expected:
            return "There is no forecast."
        return line_chart(
            [Curve(name="sold", values=sold), Curve(name="forecast", values=expected)]
        )

    @admin.display(description="last movements")
    def last_movements(self, level: StockLevel) -> SafeString:
        """Why on-hand is what it is, the newest first."""
        newest = movements(sku_id=level.sku_id, location=level.location_id)
        rows = list(newest.order_by("-created_at", "-version")[:HISTORY])
        names = people(row.actor for row in rows)
        return table(
            ("when", "what", "units", "on hand", "damaged", "reason", "reference", "who"),
            (
                (
                    format_html(
                        '<span class="whitespace-nowrap">{}</span>',
                        f"{row.created_at:%Y-%m-%d %H:%M}",
                    ),
                    row.get_kind_display(),
                    f"{row.delta:+d}",
                    row.on_hand_after,
                    row.damaged_after,
                    row.reason,
                    _reference(row),
                    names[row.actor],
                )
                for row in rows
            ),
        )

    @admin.display(description="lots")
    def lots(self, level: StockLevel) -> SafeString:
        """What is on hand of each, the first to expire first."""
        there = services.sku_lots(sku_id=level.sku_id, location=level.location.code)
        return table(
            ("lot", "on hand", "expires"),
            ((one.code, one.on_hand, _expiry(one)) for one in there),
        )

    @action(  # type: ignore[untyped-decorator]  # unfold is untyped
        description="Adjust",
        permissions=["adjust"],
        dialog=ActionDialog(
            title="Adjust on-hand",
            description="Units found are positive, units lost negative. The ledger keeps the reason.",
            form_class=AdjustForm,
            form_submit_text="Adjust",
        ),
    )
    def adjust(self, request: HttpRequest, form: AdjustForm, object_id: str) -> HttpResponse:
        """The service makes the change, or says why not."""
        level = self.get_object(request, object_id)
        if level is None:
            raise Http404
        command = AdjustStock(
            sku_id=level.sku_id,
            delta=form.cleaned_data["delta"],
            reason=form.cleaned_data["reason"],
            location=level.location.code,
            actor=str(request.user.pk),
        )
        try:
            change = services.adjust_stock(command)
        except ShopError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            self.message_user(request, f"{change.on_hand} on hand now.", messages.SUCCESS)
        url = reverse("admin:inventory_stocklevel_change", args=[object_id])
        return HttpResponse(headers={"HX-Redirect": url})


@admin.register(StockMovement)
class StockMovementAdmin(WhoColumn, SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = (
        "created_at",
        "sku",
        "title",
        "place",
        "kind",
        "units",
        "on_hand_after",
        "reason",
        "about",
        "who",
    )
    list_filter = ("kind", "location", "created_at")
    list_select_related = ("location",)
    search_fields = ("=sku_id", "=reference")
    readonly_fields = ("sku", "title")
    ordering = ("-created_at",)
    show_full_result_count = False

    @admin.display(description="units", ordering="delta")
    def units(self, row: StockMovement) -> str:
        broken = f", {row.damaged_delta:+d} damaged" if row.damaged_delta else ""
        return f"{row.delta:+d}{broken}"

    @admin.display(description="about", ordering="reference")
    def about(self, row: StockMovement) -> SafeString | str:
        return _reference(row)
