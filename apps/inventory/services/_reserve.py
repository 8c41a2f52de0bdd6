"""Hold stock for an order."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.domain.order_lines import demands_of, merged
from apps.inventory.errors import OutOfStock, ReservationClosed, shortage_facts
from apps.inventory.events import (
    BackorderedItem,
    HeldItem,
    OrderReservationFailed,
    OrderReserved,
    ReservationCreated,
    ReservationFailed,
    ShortItem,
)
from apps.inventory.gateways import hints
from apps.inventory.models import Reservation as ReservationRow
from apps.inventory.queries import assembling, stripes, taking
from apps.inventory.queries.opening import NewHold
from apps.inventory.services._assemble import assemble
from apps.inventory.services._repeat import first_reservation
from apps.inventory.types import Reservation, ReservedLine, ReserveStock, Shortage
from ecommerce.events import publish_many
from ecommerce.ids import new_id
from ecommerce.operations.metrics import RESERVATION_FAILURES, RESERVATIONS_CREATED, after_commit
from ecommerce.transactions import joining

HOT_SECONDS = 5.0
_HOT: dict[UUID, float] = {}
"""SKUs that the one statement would not take, and until when this process remembers."""
LONG_WAIT_SECONDS = 0.025
"""Reserving takes a millisecond: who takes so long has waited for others at the same rows."""


def reserve_stock(command: ReserveStock, *, goes_on: bool = False) -> Reservation:
    """Promise every line to the order, or none of them; what there is where ``allow_partial`` says so.

    A SKU comes from the first location by priority that has it all, else from several. A kit is its
    components. What the SKU's policy allows beyond the stock is backordered, and told in the answer.
    Repeating the command returns the first reservation, as it stands now. Raises ReservationDiffers where the
    order holds what another call asked for, OutOfStock with what is available now, and tells of that where no
    transaction is open. Two statements, and more where that takes more; it locks the contended rows, so make
    it the last step of a transaction. Who ``goes_on`` to lock more of the same SKUs takes hot ones in the
    order of locks, not from the first stripe that is free.
    """
    alone = not connection.in_atomic_block
    try:
        return _reserve(command, goes_on)
    except OutOfStock as refusal:
        refusal.asked = command
        if alone:
            tell_refused(refusal)
        raise


def hold_stock(command: ReserveStock) -> Reservation:
    """As reserve_stock, for who asks anew: raises ReservationClosed where the order's hold is over.

    An order holds once: its first reservation is no answer to that once it holds nothing.
    """
    held = reserve_stock(command)
    if held.status not in {"RESERVED", "CONFIRMED"}:
        raise ReservationClosed(f"the order's reservation is {held.status}", status=held.status)
    return held


def tell_refused(refusal: OutOfStock) -> None:
    """Announce that there was not enough for a hold. The transaction that was refused is over: this is another."""
    if (command := refusal.asked) is not None:
        lines = refusal.facts["lines"]
        with transaction.atomic():
            publish_many(_failures_of(command.order_id, command.reference, lines))


def _failures_of(order_id: UUID, reference: str, lines: Iterable[Any]) -> list[object]:
    reason = "out-of-stock"
    items = tuple(
        ShortItem(sku_id=UUID(one["skuId"]), requested=one["requested"], available=one["available"])
        for one in lines
    )
    failed = ReservationFailed(order_id=order_id, reference=reference, reason=reason, items=items)
    if reference:
        return [failed]
    return [failed, OrderReservationFailed(order_id=order_id, reason=reason)]


@joining
def _reserve(command: ReserveStock, goes_on: bool) -> Reservation:
    wanted = merged(command.lines)
    hold = NewHold(
        reservation_id=new_id(),
        order_id=command.order_id,
        wanted=wanted,
        expires_at=command.expires_at,
        reference=command.reference,
    )
    simple = not command.allow_partial and not any(line.locations for line in command.lines)
    if simple and not goes_on and len(wanted) == 1 and _known_as_hot(next(iter(wanted))):
        if held := _from_a_stripe(hold):
            return _told(held, ())
    elif simple:
        began = perf_counter()
        taken = taking.reserve(hold)
        if perf_counter() - began > LONG_WAIT_SECONDS:
            transaction.on_commit(partial(hints.note_waits, wanted))
        if taken.header is not None:
            held = reservation_of(
                taken.header, taken.lines, command.order_id, "RESERVED", command.reference
            )
            return _told(held, shifts_of(taken.totals))
        if taken.special:
            _HOT.update(dict.fromkeys(wanted, monotonic() + HOT_SECONDS))
        else:
            _give_up_where_hopeless(command.order_id, wanted, taken.totals)
    return _reserve_by_steps(command, hold, goes_on)


def _known_as_hot(sku_id: UUID) -> bool:
    """A hint, which saves a statement; what the SKU is, the next statement sees for itself."""
    if (until := _HOT.get(sku_id)) is None:
        return False
    if until < monotonic():
        _HOT.pop(sku_id, None)
        return False
    return True


def _from_a_stripe(hold: NewHold) -> Reservation | None:
    ((sku_id, units),) = hold.wanted.items()
    savepoint = transaction.savepoint()
    taken = stripes.reserve(hold)
    if taken is None:
        transaction.savepoint_rollback(savepoint)
        return None
    transaction.savepoint_commit(savepoint)
    header, code = taken
    line = {"sku_id": str(sku_id), "code": code, "quantity": units}
    return reservation_of(header, [line], hold.order_id, "RESERVED", hold.reference)


def _give_up_where_hopeless(
    order_id: UUID, wanted: Collection[UUID], totals: list[dict[str, Any]]
) -> None:
    known, hope = assembling.chance(order_id, wanted)
    if not known and not hope:
        RESERVATION_FAILURES.labels("out-of-stock").inc()
        raise OutOfStock(lines=shortage_facts(shortages(totals)))


def _reserve_by_steps(command: ReserveStock, hold: NewHold, goes_on: bool) -> Reservation:
    header = assembling.open_header(hold)
    if header is None:
        return first_reservation(command, hold.wanted)
    try:
        taken = assemble(
            hold.reservation_id,
            demands_of(command.lines),
            now=header["created_at"],
            partial=command.allow_partial,
            in_order=goes_on,
        )
    except OutOfStock:
        RESERVATION_FAILURES.labels("out-of-stock").inc()
        raise
    if taken.extras or taken.short:
        ReservationRow.objects.filter(id=hold.reservation_id).update(
            extras=taken.extras, short=[_kept(one) for one in taken.short] or None
        )
    held = reservation_of(header, taken.lines, command.order_id, "RESERVED", command.reference)
    held = replace(held, kits=taken.kits, backordered=taken.backordered, short=taken.short)
    return _told(held, taken.shifts)


def _told(held: Reservation, shifts: Iterable[Shift]) -> Reservation:
    created = ReservationCreated(
        reservation_id=held.id,
        order_id=held.order_id,
        expires_at=held.expires_at,
        items=held_items(held.lines),
        reference=held.reference,
        backordered=tuple(
            BackorderedItem(sku_id=one.sku_id, quantity=one.quantity, promised_at=one.promised_at)
            for one in held.backordered
        ),
    )
    facts: list[object] = [created]
    if not held.reference:
        facts.append(
            OrderReserved(
                order_id=held.order_id, reservation_id=held.id, expires_at=held.expires_at
            )
        )
    publish_many([*facts, *of_shifts(shifts)])
    after_commit(RESERVATIONS_CREATED)
    return held


def _kept(short: Shortage) -> dict[str, str | int]:
    return {
        "sku_id": str(short.sku_id),
        "requested": short.requested,
        "available": short.available,
    }


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
    header: dict[str, Any], lines: Iterable[dict[str, Any]], order_id: UUID, status: Any,
    reference: str = "",
) -> Reservation:  # fmt: skip
    """A reservation from the rows that a statement of ours returned."""
    return Reservation(
        id=_id(header["id"]),
        order_id=order_id,
        status=status,
        expires_at=_time(header["expires_at"]),
        created_at=_time(header["created_at"]),
        reference=reference,
        lines=tuple(
            ReservedLine(
                sku_id=UUID(line["sku_id"]),
                location=line["code"],
                quantity=line["take"] if "take" in line else line["quantity"],
            )
            for line in lines
        ),
    )


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def held_items(lines: Iterable[ReservedLine]) -> tuple[HeldItem, ...]:
    """Lines as events carry them: what is held still, not what has left."""
    return tuple(
        HeldItem(
            sku_id=line.sku_id, quantity=line.quantity - line.shipped, location_id=line.location
        )
        for line in lines
        if line.quantity > line.shipped
    )
