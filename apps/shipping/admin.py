"""Shipping for the back office: methods to edit, the warehouse's queue with its steps, parcels to look at."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline

from apps.shipping import services
from apps.shipping.models import (
    Fulfilment,
    FulfilmentLine,
    Shipment,
    ShippingBand,
    ShippingMethod,
    TrackingEvent,
)
from ecommerce import clock
from ecommerce.backoffice import Operated, viewer_in_admin
from ecommerce.errors import ShopError
from ecommerce.money import Money


class ReadOnly:
    """What is written by services is not typed in."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class BandInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = ShippingBand
    ordering = ("max_weight_grams",)
    fields = ("max_weight_grams", "price_minor", "price")
    readonly_fields = ("price",)
    extra = 0

    @admin.display(description="Price, once saved")
    def price(self, band: ShippingBand) -> str:
        return "" if band.pk is None else str(Money(band.price_minor, band.method.currency))


@admin.register(ShippingMethod)
class ShippingMethodAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Ways of sending: plain reference data, edited here."""

    list_display = (
        "name",
        "code",
        "currency",
        "carrier",
        "service",
        "min_days",
        "max_days",
        "active",
    )
    list_filter = ("active", "currency", "carrier")
    search_fields = ("code", "name")
    ordering = ("position", "code")
    inlines = (BandInline,)


class LineInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = FulfilmentLine
    fields = ("sku_code", "quantity", "seller")
    extra = 0


class ShipmentInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = Shipment
    fields = ("carrier", "service", "status", "tracking_number", "booking_attempts", "last_error")
    extra = 0


@admin.register(Fulfilment)
class FulfilmentAdmin(Operated, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The warehouse's queue, oldest first."""

    list_display = (
        "order_number",
        "state",
        "location",
        "carrier",
        "service",
        "requested_at",
        "updated_at",
    )
    list_filter = ("state", "location", "carrier", "requested_at")
    search_fields = ("order_number", "order_id", "shipments__tracking_number")
    ordering = ("requested_at", "id")
    fields = (
        ("order", "state"),
        ("shipping_method", "carrier", "service", "location"),
        ("requested_at", "updated_at"),
        "cancel_reason",
    )
    readonly_fields = ("order",)
    inlines = (LineInline, ShipmentInline)
    actions = ("pick", "pack", "ship", "cancel")

    @admin.display
    def order(self, fulfilment: Fulfilment) -> str:
        page = reverse("admin:orders_order_change", args=[fulfilment.order_id])
        return format_html('<a href="{}">{}</a>', page, fulfilment.order_number)

    @admin.action(description="Pick: begin the work", permissions=["operate"])
    def pick(self, request: HttpRequest, chosen: "QuerySet[Fulfilment]") -> None:
        self._each(request, chosen, services.start_picking)

    @admin.action(description="Pack: close the box", permissions=["operate"])
    def pack(self, request: HttpRequest, chosen: "QuerySet[Fulfilment]") -> None:
        self._each(request, chosen, services.finish_packing)

    @admin.action(description="Ship: buy the label and hand over", permissions=["operate"])
    def ship(self, request: HttpRequest, chosen: "QuerySet[Fulfilment]") -> None:
        self._each(request, chosen, services.ship_fulfilment)

    @admin.action(description="Cancel: back on the shelf", permissions=["operate"])
    def cancel(self, request: HttpRequest, chosen: "QuerySet[Fulfilment]") -> None:
        self._each(request, chosen, services.cancel_fulfilment, reason="by the back office")

    def _each(
        self,
        request: HttpRequest,
        chosen: "QuerySet[Fulfilment]",
        step: Callable[..., Any],
        **more: Any,
    ) -> None:
        viewer = viewer_in_admin(request)
        for fulfilment_id, number in list(chosen.values_list("id", "order_number")):
            try:
                done = step(fulfillment_id=fulfilment_id, viewer=viewer, now=clock.now(), **more)
            except ShopError as refusal:
                self.message_user(request, f"{number}: {refusal.detail}", messages.WARNING)
            else:
                self.message_user(request, f"{number} is {done.state}", messages.SUCCESS)


@admin.register(Shipment)
class ShipmentAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Parcels, newest first."""

    list_display = (
        "tracking_number",
        "status",
        "carrier",
        "service",
        "created_at",
        "shipped_at",
        "delivered_at",
    )
    list_filter = ("status", "carrier", "created_at")
    search_fields = ("tracking_number", "order_id", "id")
    list_select_related = ("fulfilment",)
    ordering = ("-created_at",)
    exclude = ("parcels", "order_id")
    readonly_fields = ("order", "weights")

    @admin.display
    def order(self, shipment: Shipment) -> str:
        page = reverse("admin:orders_order_change", args=[shipment.order_id])
        return format_html('<a href="{}">{}</a>', page, shipment.fulfilment.order_number)

    @admin.display(description="Parcels")
    def weights(self, shipment: Shipment) -> str:
        return ", ".join(f"{parcel['weight_grams']} g" for parcel in shipment.parcels)


@admin.register(TrackingEvent)
class TrackingEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """What carriers told, newest first."""

    list_display = ("tracking_number", "status", "carrier", "occurred_at", "received_at")
    list_filter = ("carrier", "status", "occurred_at")
    search_fields = ("tracking_number", "event_id")
    ordering = ("-received_at",)
