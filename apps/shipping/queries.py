"""Reads of methods, fulfilments, shipments and their timelines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Now

from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.models import Fulfilment, FulfilmentLine, Shipment, ShippingBand, TrackingEvent

_LABELLED = Shipment.objects.select_related("label").defer("label__content").order_by("created_at")


def priced_methods(
    *, country: str, weight_grams: int, currency: str, channel: str
) -> Sequence[ShippingBand]:
    """Per method that goes there: the cheapest band that holds the weight, in one statement."""
    return (
        ShippingBand.objects.filter(
            Q(method__countries=[]) | Q(method__countries__contains=[country]),
            Q(method__channels=[]) | Q(method__channels__contains=[channel]),
            method__active=True,
            method__currency=currency,
            max_weight_grams__gte=weight_grams,
        )
        .select_related("method")
        .order_by("method__position", "method__code", "method_id", "max_weight_grams")
        .distinct("method__position", "method__code", "method_id")
    )


def method_named(code: str, currency: str) -> tuple[str, str]:
    """The carrier and service behind a method's code; the default ones where it is gone."""
    found = (
        ShippingBand.objects.filter(method__code=code, method__currency=currency)
        .values_list("method__carrier", "method__service")
        .first()
    )
    return found or ("sandbox", "standard")


def fulfilments(*, lock: bool = False) -> QuerySet[Fulfilment]:
    """Fulfilments with their lines and parcels; three statements whatever their number."""
    rows = Fulfilment.objects.prefetch_related(
        Prefetch("lines", FulfilmentLine.objects.order_by("id")), Prefetch("shipments", _LABELLED)
    )
    return rows.select_for_update(of=("self",)) if lock else rows


def queue(state: str | None) -> QuerySet[Fulfilment]:
    """The warehouse's work, of one state where it is named."""
    rows = Fulfilment.objects.all()
    return rows.filter(state=state) if state else rows


def shipments() -> QuerySet[Shipment]:
    """Shipments with the format of their label, but not the label itself."""
    return _LABELLED


def due_bookings(*, limit: int) -> list[UUID]:
    """Bookings whose answer never came and whose time to ask again has come, by the database's clock."""
    return list(
        Shipment.objects.filter(status=ShipmentStatus.BOOKING, next_booking_at__lte=Now())
        .order_by("next_booking_at")
        .values_list("id", flat=True)[:limit]
    )


def timeline(carrier: str, tracking_number: str) -> list[TrackingEvent]:
    """What a carrier told of a parcel, by the carrier's own clock."""
    return list(
        TrackingEvent.objects.filter(carrier=carrier, tracking_number=tracking_number).order_by(
            "occurred_at", "sequence", "id"
        )
    )


def next_booking(now: datetime, attempts: int) -> datetime:
    """When to ask a silent carrier again: 5 s, doubling to 5 minutes."""
    return now + timedelta(seconds=min(5 * 2**attempts, 300))
