"""What a parcel's events mean, in whatever order they arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ShipmentStatus(StrEnum):
    """Where a parcel is, from paper to door."""

    CREATED = "CREATED"
    BOOKING = "BOOKING"
    BOOKED = "BOOKED"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    EXCEPTION = "EXCEPTION"
    DELIVERED = "DELIVERED"
    CANCELED = "CANCELED"


_MEANINGS = {
    "label_created": ShipmentStatus.BOOKED,
    "booked": ShipmentStatus.BOOKED,
    "pre_transit": ShipmentStatus.BOOKED,
    "accepted": ShipmentStatus.IN_TRANSIT,
    "picked_up": ShipmentStatus.IN_TRANSIT,
    "in_transit": ShipmentStatus.IN_TRANSIT,
    "out_for_delivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "delivered": ShipmentStatus.DELIVERED,
    "exception": ShipmentStatus.EXCEPTION,
    "failure": ShipmentStatus.EXCEPTION,
    "delivery_failed": ShipmentStatus.EXCEPTION,
    "returned": ShipmentStatus.EXCEPTION,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One thing that the carrier says happened to a parcel."""

    status: ShipmentStatus
    occurred_at: datetime
    sequence: int


def meaning_of(carrier_word: str) -> ShipmentStatus | None:
    """The carrier's word in ours, or None where it says nothing about where the parcel is."""
    return _MEANINGS.get(carrier_word.strip().lower().replace(" ", "_").replace("-", "_"))


def status_after(sightings: Iterable[Sighting]) -> ShipmentStatus | None:
    """Where the parcel is after all of these, whatever their order of arrival.

    Delivered is final. Otherwise what happened last by the carrier's own clock counts, ties broken
    by its sequence number and then by how far along the status is.
    """
    seen = list(sightings)
    if any(sighting.status == ShipmentStatus.DELIVERED for sighting in seen):
        return ShipmentStatus.DELIVERED
    order = list(ShipmentStatus)
    last = max(seen, key=lambda s: (s.occurred_at, s.sequence, order.index(s.status)), default=None)
    return last.status if last else None
