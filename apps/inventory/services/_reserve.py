"""Hold stock for an order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.domain.order_lines import merged
from apps.inventory.errors import OutOfStock, shortage_facts
from apps.inventory.events import HeldItem, ReservationCreated
from apps.inventory.queries import reading, taking
from apps.inventory.types import Reservation, ReservedLine, ReserveStock, Shortage
from ecommerce.events import publish_many
from ecommerce.ids import new_id
from ecommerce.operations.metrics import RESERVATION_FAILURES, RESERVATIONS_CREATED, after_commit

TTL_SECONDS = 30 * 60


@transaction.atomic(savepoint=False)
def reserve_stock(command: ReserveStock) -> Reservation:
    """Promise every line to the order, or none of them.

    A SKU comes from the first location by priority that has it all, else from several.
    Repeating the command returns the first reservation unchanged. Raises OutOfStock with what is
    available now. Two statements; it locks the contended rows, so make it the last step of a transaction.
    """
    taken = taking.reserve(
        reservation_id=new_id(),
        order_id=command.order_id,
        wanted=merged(command.lines),
        expires_at=command.expires_at,
        ttl_seconds=TTL_SECONDS,
    )
    if taken.header is None:
        return _first_reservation(command.order_id, taken.totals)
    reservation = reservation_of(taken.header, taken.lines, command.order_id, "RESERVED")
    created = ReservationCreated(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        expires_at=reservation.expires_at,
        items=held_items(reservation.lines),
    )
    publish_many([created, *of_shifts(shifts_of(taken.totals))])
    after_commit(RESERVATIONS_CREATED)
    return reservation


def _first_reservation(order_id: UUID, totals: list[dict[str, Any]]) -> Reservation:
    first = reading.reservation(order_id=order_id)
    if first is None:
        RESERVATION_FAILURES.labels("out-of-stock").inc()
        raise OutOfStock(lines=shortage_facts(shortages(totals)))
    return first


def shortages(totals: Iterable[dict[str, Any]]) -> list[Shortage]:
    """The SKUs of which there is less than was asked."""
    return [
        Shortage(
            sku_id=UUID(total["sku_id"]),
            requested=total["quantity"],
            available=total["available"],
        )
        for total in totals
        if total["available"] < total["quantity"]
    ]


def shifts_of(totals: Iterable[dict[str, Any]]) -> list[Shift]:
    """How far taking the quantities moved what is available."""
    return [
        Shift(UUID(t["sku_id"]), t["available"], t["available"] - t["quantity"]) for t in totals
    ]


def reservation_of(
    header: dict[str, Any], lines: Iterable[dict[str, Any]], order_id: UUID, status: Any
) -> Reservation:
    """A reservation from the rows that a statement of ours returned."""
    return Reservation(
        id=UUID(header["id"]),
        order_id=order_id,
        status=status,
        expires_at=datetime.fromisoformat(header["expires_at"]),
        created_at=datetime.fromisoformat(header["created_at"]),
        lines=tuple(
            ReservedLine(
                sku_id=UUID(line["sku_id"]),
                location=line["code"],
                quantity=line["take"] if "take" in line else line["quantity"],
            )
            for line in lines
        ),
    )


def held_items(lines: Iterable[ReservedLine]) -> tuple[HeldItem, ...]:
    """Lines as events carry them: what is held still, not what has left."""
    return tuple(
        HeldItem(
            sku_id=line.sku_id, quantity=line.quantity - line.shipped, location_id=line.location
        )
        for line in lines
        if line.quantity > line.shipped
    )
