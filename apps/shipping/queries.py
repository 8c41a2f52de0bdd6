"""Reads of methods, fulfilments, shipments and their timelines."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from apps.shipping.domain.rates import Method
from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.models import Fulfilment, FulfilmentLine, Shipment, ShippingBand, TrackingEvent
from ecommerce.ttl_cache import TtlCache

_remembered: TtlCache[str, tuple[Method, ...]] = TtlCache(seconds=10, size=200)
_LABELLED = Shipment.objects.select_related("label").defer("label__content").order_by("created_at")


def methods(currency: str) -> tuple[Method, ...]:
    """The active methods of a currency, by position; remembered for some seconds, for few ever change."""
    return _remembered.get(currency, lambda: _methods(currency))


def forget_methods() -> None:
    """Have this process read the methods anew."""
    _remembered.clear()


def _methods(currency: str) -> tuple[Method, ...]:
    rows = (
        ShippingBand.objects.filter(method__active=True, method__currency=currency)
        .select_related("method")
        .order_by("method__position", "method__code", "method_id", "max_weight_grams")
    )
    return tuple(_method(list(bands)) for _, bands in groupby(rows, key=lambda b: b.method_id))


def _method(bands: list[ShippingBand]) -> Method:
    method = bands[0].method
    return Method(
        code=method.code,
        name=method.name,
        carrier=method.carrier,
        service=method.service,
        currency=method.currency,
        countries=frozenset(method.countries),
        channels=frozenset(method.channels),
        min_days=method.min_days,
        max_days=method.max_days,
        bands=tuple((band.max_weight_grams, band.price_minor) for band in bands),
    )


def methods_named(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """The carrier and service behind each method's code and currency; the default ones where it is gone."""
    bands = ShippingBand.objects.filter(method__code__in={code for code, _ in wanted})
    found = {
        (code, currency): (carrier, service)
        for code, currency, carrier, service in bands.values_list(
            "method__code", "method__currency", "method__carrier", "method__service"
        ).distinct()
    }
    return {one: found.get(one, ("sandbox", "standard")) for one in wanted}


def fulfilments(*, lock: bool = False) -> QuerySet[Fulfilment]:
    """Fulfilments with their lines and parcels; three statements whatever their number."""
    rows = Fulfilment.objects.prefetch_related(
        Prefetch("lines", FulfilmentLine.objects.order_by("id")), Prefetch("shipments", _LABELLED)
    )
    return rows.select_for_update(of=("self",)) if lock else rows


def order_of_fulfilment(fulfilment_id: UUID) -> UUID | None:
    """The order that is fulfilled by it, if there is such a fulfilment."""
    ids = Fulfilment.objects.filter(id=fulfilment_id).values_list("order_id", flat=True)
    return ids.first()


def queue(state: str | None) -> QuerySet[Fulfilment]:
    """The warehouse's work, of one state where it is named."""
    rows = Fulfilment.objects.all()
    return rows.filter(state=state) if state else rows


def shipments() -> QuerySet[Shipment]:
    """Shipments with the format of their label, but not the label itself."""
    return _LABELLED


def due_bookings(*, now: datetime, limit: int) -> list[UUID]:
    """Bookings whose answer never came and whose time to ask again has come."""
    return list(
        Shipment.objects.filter(status=ShipmentStatus.BOOKING, next_booking_at__lte=now)
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
