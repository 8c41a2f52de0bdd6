"""Give held stock back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.errors import ReservationClosed
from apps.inventory.events import (
    HeldItem,
    OrderReleased,
    ReservationCancelled,
    ReservationLapsed,
    ReservationReleased,
)
from apps.inventory.queries import holding, queueing, reading
from apps.inventory.services._hot import settle
from apps.inventory.services._reserve import held_items
from apps.inventory.types import Reservation
from ecommerce.events import publish_many
from ecommerce.operations.metrics import RESERVATIONS_EXPIRED, after_commit

SWEEP_BATCH = 500


def cancel_reservation(*, order_id: UUID, reason: str) -> Reservation | None:
    """Give the order's stock back, soft or allocated; None if it never held any.

    What has been shipped stays shipped. Repeating it, or cancelling what has expired, changes
    nothing. Raises ReservationClosed where everything has been shipped.
    """
    return _give_back(order_id, reason, "CANCELLED")


def release_reservation(*, order_id: UUID, reason: str) -> Reservation | None:
    """As cancel_reservation, by an operator's hand: the reservation is RELEASED."""
    return _give_back(order_id, reason, "RELEASED")


@transaction.atomic(savepoint=False)
def _give_back(
    order_id: UUID, reason: str, status: Literal["CANCELLED", "RELEASED"]
) -> Reservation | None:
    held = reading.reservation(order_id=order_id, lock=True)
    if held is None or held.status in {"CANCELLED", "RELEASED", "EXPIRED"}:
        return held
    if held.status == "SHIPPED":
        raise ReservationClosed("everything has been shipped", status=held.status)
    shifts = _release(held, status, reason)
    fact = ReservationCancelled if status == "CANCELLED" else ReservationReleased
    closed = fact(
        reservation_id=held.id, order_id=order_id, reason=reason, items=held_items(held.lines)
    )
    publish_many([closed, *_of_order(held, reason or status.lower()), *of_shifts(shifts)])
    return replace(held, status=status)


def _release(held: Reservation, status: str, reason: str) -> list[Shift]:
    soft = held.status == "RESERVED"
    if not soft:
        settle({line.sku_id for line in held.lines})
    rows = holding.release(reservation_id=held.id, status=status, reason=reason, soft=soft)
    if held.backordered:
        queueing.leave([held.id])
    return shifts_from(rows)


def lapse(held: Reservation) -> Reservation:
    """Close a hold that ran out and of which others have taken some; its row is locked by the caller."""
    shifts = _release(held, "EXPIRED", "")
    gone = ReservationLapsed(
        reservation_id=held.id, order_id=held.order_id, items=held_items(held.lines)
    )
    publish_many([gone, *_of_order(held, "expired"), *of_shifts(shifts)])
    after = reading.reservation(id=held.id)
    assert after is not None  # noqa: S101 its row is locked by us
    return after


def _of_order(held: Reservation, reason: str) -> list[OrderReleased]:
    if held.reference:
        return []
    return [OrderReleased(order_id=held.order_id, reservation_id=held.id, reason=reason)]


@transaction.atomic
def expire_reservations(*, now: datetime | None = None, limit: int = SWEEP_BATCH) -> int:
    """Give back what nobody paid for in time; says how many reservations.

    Without ``now`` the database's clock decides, the only one that all processes share. A reservation
    that someone confirms or cancels at this moment is passed over.
    """
    shifts, gone = holding.expire(now=now, limit=limit)
    if gone:
        waited = [UUID(row["id"]) for row in gone if row["extras"]]
        if waited:
            queueing.leave(waited)
        facts = [fact for row in gone for fact in _lapsed(row)]
        publish_many([*facts, *of_shifts(shifts_from(shifts))])
        after_commit(RESERVATIONS_EXPIRED, len(gone))
    return len(gone)


def shifts_from(rows: Iterable[dict[str, Any]]) -> list[Shift]:
    """Shifts of availability as our statements return them."""
    return [Shift(UUID(row["sku_id"]), row["before"], row["after"]) for row in rows]


def _lapsed(row: dict[str, Any]) -> list[object]:
    reservation_id, order_id = UUID(row["id"]), UUID(row["order_id"])
    lapsed = ReservationLapsed(
        reservation_id=reservation_id,
        order_id=order_id,
        items=tuple(
            HeldItem(
                sku_id=UUID(item["sku_id"]), quantity=item["quantity"], location_id=item["code"]
            )
            for item in row["items"]
        ),
    )
    if row["reference"]:
        return [lapsed]
    released = OrderReleased(order_id=order_id, reservation_id=reservation_id, reason="expired")
    return [lapsed, released]
