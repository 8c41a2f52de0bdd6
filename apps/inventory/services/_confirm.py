"""Turn a hold into an allocation."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import of_shifts
from apps.inventory.domain.planning import Demand
from apps.inventory.errors import (
    NoReservation,
    OutOfStock,
    ReservationClosed,
    ReservationExpired,
)
from apps.inventory.events import OrderCommitted, ReservationConfirmed
from apps.inventory.models import Backorder, ReservationLine
from apps.inventory.models import Reservation as ReservationRow
from apps.inventory.queries import holding, reading
from apps.inventory.services._assemble import assemble
from apps.inventory.services._release import lapse
from apps.inventory.services._reserve import held_items, reservation_of, reserve_stock
from apps.inventory.types import Reservation, ReserveStock
from ecommerce.events import publish_many
from ecommerce.transactions import joining


@joining
def confirm_reservation(*, order_id: UUID, now: datetime) -> Reservation:
    """Allocate the held stock to the order for good.

    Whether the hold still stands is decided by its row, not by ``now``: until somebody else has taken the
    stock or the sweep has given it back, it is the order's. After that the stock is taken anew if it is
    there, else ReservationExpired. Repeating it returns the allocation. Two statements when nothing
    expired.
    """
    return _confirmed(order_id) or _not_waiting(order_id, now)


def _confirmed(order_id: UUID, *, locked: bool = False) -> Reservation | None:
    confirmed = holding.confirm(order_id=order_id, locked=locked)
    header = confirmed.header
    if header is None:
        return None
    held = reservation_of(header, confirmed.lines, order_id, "CONFIRMED", header["reference"])
    if header["extras"]:
        held = replace(held, **reading.extras(held.id))
    publish_many(_facts(held))
    return held


def _not_waiting(order_id: UUID, now: datetime) -> Reservation:
    found = reading.reservation(order_id=order_id, lock=True)
    if found is None:
        raise NoReservation(f"order {order_id} holds no stock")
    if found.status in {"CONFIRMED", "SHIPPED"}:
        return found
    if found.status == "RESERVED":
        if confirmed := _confirmed(order_id, locked=True):
            return confirmed
        found = lapse(found)
    if found.status == "EXPIRED":
        return _take_again(found, now)
    raise ReservationClosed(f"the reservation is {found.status}", status=found.status)


def _take_again(expired: Reservation, now: datetime) -> Reservation:
    wanted: Counter[UUID] = Counter()
    for line in expired.lines:
        wanted[line.sku_id] += line.quantity
    for late in expired.backordered:
        wanted[late.sku_id] += late.cancelled
    ReservationLine.objects.filter(reservation_id=expired.id).delete()
    Backorder.objects.filter(reservation_id=expired.id).delete()
    demands = [Demand(sku_id=sku_id, quantity=units) for sku_id, units in sorted(wanted.items())]
    try:
        taken = assemble(expired.id, demands, now=now, hard=True)
    except OutOfStock as gone:
        raise ReservationExpired(lines=gone.facts["lines"]) from gone
    ReservationRow.objects.filter(id=expired.id).update(
        status="CONFIRMED", closed_at=None, lapsed=False, extras=bool(expired.kits or taken.backordered)
    )  # fmt: skip
    header = {"id": expired.id, "expires_at": expired.expires_at, "created_at": expired.created_at}
    reservation = replace(
        reservation_of(header, taken.lines, expired.order_id, "CONFIRMED", expired.reference),
        kits=expired.kits,
        backordered=taken.backordered,
    )
    publish_many([*_facts(reservation), *of_shifts(taken.shifts)])
    return reservation


def _facts(reservation: Reservation) -> list[object]:
    confirmed = ReservationConfirmed(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        items=held_items(reservation.lines),
    )
    if reservation.reference:
        return [confirmed]
    committed = OrderCommitted(order_id=reservation.order_id, reservation_id=reservation.id)
    return [confirmed, committed]


@transaction.atomic(savepoint=False)
def allocate_stock(command: ReserveStock, *, now: datetime) -> Reservation:
    """Hold stock and allocate it at once. Raises OutOfStock."""
    held = reserve_stock(command, goes_on=True)
    confirmed = confirm_reservation(order_id=command.order_id, now=now)
    return replace(confirmed, short=held.short)
