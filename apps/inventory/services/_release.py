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
    ReservationCancelled,
    ReservationLapsed,
    ReservationReleased,
)
from apps.inventory.queries import holding, reading
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
    shifts = holding.release(
        reservation_id=held.id, status=status, reason=reason, soft=held.status == "RESERVED"
    )
    fact = ReservationCancelled if status == "CANCELLED" else ReservationReleased
    closed = fact(
        reservation_id=held.id, order_id=order_id, reason=reason, items=held_items(held.lines)
    )
    publish_many([closed, *of_shifts(shifts_from(shifts))])
    return replace(held, status=status)


@transaction.atomic
def expire_reservations(*, now: datetime | None = None, limit: int = SWEEP_BATCH) -> int:
    """Give back what nobody paid for in time; says how many reservations.

    Without ``now`` the database's clock decides, the only one that all processes share. A reservation
    that someone confirms or cancels at this moment is passed over.
    """
    shifts, gone = holding.expire(now=now, limit=limit)
    if gone:
        publish_many([*map(_lapsed, gone), *of_shifts(shifts_from(shifts))])
        after_commit(RESERVATIONS_EXPIRED, len(gone))
    return len(gone)


def shifts_from(rows: Iterable[dict[str, Any]]) -> list[Shift]:
    """Shifts of availability as our statements return them."""
    return [Shift(UUID(row["sku_id"]), row["before"], row["after"]) for row in rows]


def _lapsed(row: dict[str, Any]) -> ReservationLapsed:
    return ReservationLapsed(
        reservation_id=UUID(row["id"]),
        order_id=UUID(row["order_id"]),
        items=tuple(
            HeldItem(
                sku_id=UUID(item["sku_id"]), quantity=item["quantity"], location_id=item["code"]
            )
            for item in row["items"]
        ),
    )
