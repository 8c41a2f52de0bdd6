"""Reads that others may ask for."""

from collections.abc import Collection, Mapping
from uuid import UUID

from apps.inventory.errors import NoReservation
from apps.inventory.queries import reading
from apps.inventory.types import Availability, Reservation


def availability(*, sku_ids: Collection[UUID]) -> Mapping[UUID, Availability]:
    """What can be promised of each SKU now, over all active locations. One statement."""
    return reading.availability(sku_ids)


def get_reservation(*, reservation_id: UUID) -> Reservation:
    """A reservation by its id. Raises NoReservation."""
    found = reading.reservation(id=reservation_id)
    if found is None:
        raise NoReservation(f"no reservation {reservation_id}")
    return found


def reservation_of_order(*, order_id: UUID) -> Reservation | None:
    """What an order holds, or None."""
    return reading.reservation(order_id=order_id)
