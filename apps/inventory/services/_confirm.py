"""Turn a hold into an allocation."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import of_shifts
from apps.inventory.errors import (
    NoReservation,
    ReservationClosed,
    ReservationExpired,
    shortage_facts,
)
from apps.inventory.events import ReservationConfirmed
from apps.inventory.models import ReservationLine
from apps.inventory.queries import holding, reading, taking
from apps.inventory.services._reserve import (
    held_items,
    reservation_of,
    reserve_stock,
    shifts_of,
    shortages,
)
from apps.inventory.types import Reservation, ReserveStock
from ecommerce.events import publish_many


@transaction.atomic(savepoint=False)
def confirm_reservation(*, order_id: UUID, now: datetime) -> Reservation:
    """Allocate the held stock to the order for good.

    Whether the hold still stands is decided by its row, not by ``now``: until the sweep has given
    the stock back, it is the order's. After that the stock is taken anew if it is there, else
    ReservationExpired. Repeating it returns the allocation. Two statements when nothing expired.
    """
    confirmed = holding.confirm(order_id=order_id)
    if confirmed.header is None:
        return _not_waiting(order_id)
    reservation = reservation_of(confirmed.header, confirmed.lines, order_id, "CONFIRMED")
    publish_many([_fact(reservation)])
    return reservation


def _not_waiting(order_id: UUID) -> Reservation:
    found = reading.reservation(order_id=order_id, lock=True)
    if found is None:
        raise NoReservation(f"order {order_id} holds no stock")
    if found.status in {"CONFIRMED", "SHIPPED"}:
        return found
    if found.status == "EXPIRED":
        return _take_again(found)
    raise ReservationClosed(f"the reservation is {found.status}", status=found.status)


def _take_again(expired: Reservation) -> Reservation:
    wanted: Counter[UUID] = Counter()
    for line in expired.lines:
        wanted[line.sku_id] += line.quantity
    ReservationLine.objects.filter(reservation_id=expired.id).delete()
    taken = taking.retake(reservation_id=expired.id, wanted=dict(sorted(wanted.items())))
    if taken.header is None:
        raise ReservationExpired(lines=shortage_facts(shortages(taken.totals)))
    reservation = reservation_of(taken.header, taken.lines, expired.order_id, "CONFIRMED")
    publish_many([_fact(reservation), *of_shifts(shifts_of(taken.totals))])
    return reservation


def _fact(reservation: Reservation) -> ReservationConfirmed:
    return ReservationConfirmed(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        items=held_items(reservation.lines),
    )


@transaction.atomic(savepoint=False)
def allocate_stock(command: ReserveStock, *, now: datetime) -> Reservation:
    """Hold stock and allocate it at once. Raises OutOfStock."""
    reserve_stock(command)
    return confirm_reservation(order_id=command.order_id, now=now)
