"""Decide where an order is sent from, and move its units there: off the path of whoever buys."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.errors import (
    AllocationBegun,
    NoReservation,
    NotThere,
    ReservationClosed,
    UnknownLocation,
)
from apps.inventory.events import AllocationCreated, HeldItem
from apps.inventory.models import Allocation as AllocationRow
from apps.inventory.models import Reservation as ReservationRow
from apps.inventory.models import WarehouseTask
from apps.inventory.queries import allocation, ledger, reading, stripes
from apps.inventory.queries.allocation import Line, Policy
from apps.inventory.services._hot import settle
from apps.inventory.services.allocation._decide import Decision, Units, decide, kept_as_reserved
from apps.inventory.services.allocation._read import get_allocation
from apps.inventory.types import AllocateOrder, Allocation, Pick
from ecommerce.events import publish_many

_MOVABLE = frozenset({"ALLOCATED", "FAILED"})
_NO_POLICY = "no policy for this channel: it was reserved by priority"


@transaction.atomic
def allocate_order(command: AllocateOrder, *, now: datetime) -> Allocation:
    """Decide which locations send an order's units, and hold them there from now on.

    By ``picks`` if the caller says so, else by the policy of the channel; without a policy they stay where they
    were reserved. Done again it decides anew, until somebody picks. Raises NoReservation, ReservationClosed unless it is
    confirmed, AllocationBegun, NotThere where a chosen location has not that much, UnknownLocation.
    """
    held = ReservationRow.objects.select_for_update().filter(order_id=command.order_id).first()
    if held is None:
        raise NoReservation(f"order {command.order_id} holds no stock")
    row = AllocationRow.objects.select_for_update().filter(order_id=command.order_id).first()
    if held.status != "CONFIRMED":
        raise ReservationClosed(f"the reservation is {held.status}", status=held.status)
    if (row is not None and row.status not in _MOVABLE) or _begun(command.order_id):
        raise AllocationBegun("Somebody picks it already.", status=row.status if row else "PICKING")
    return _allocate(command, held.id, row, _policy_of(command.channel, allocation.policies()), now)


@transaction.atomic
def allocate_paid(commands: Sequence[AllocateOrder], *, now: datetime) -> int:
    """Take up orders that were paid, once each; says how many. Those that hold nothing are passed over.

    A few statements for all of them. Where a policy has a say they are routed soon after, one by one: moving
    units takes locks on levels, which nobody is to wait for until a whole batch is done.
    """
    wanted = {command.order_id: command for command in commands}
    locked = ReservationRow.objects.select_for_update().filter(
        order_id__in=list(wanted), status="CONFIRMED"
    )
    held = dict(locked.order_by("id").values_list("order_id", "id"))
    known = AllocationRow.objects.filter(order_id__in=list(held)).values_list("order_id", flat=True)
    for order_id in list(known):
        held.pop(order_id)
    if not held:
        return 0
    lines: dict[UUID, list[Line]] = {order_id: [] for order_id in held}
    for line in allocation.lines(held):
        lines[line.order_id].append(line)
    rules = allocation.policies()
    rows = []
    for order_id, reservation_id in held.items():
        row = _row(
            wanted[order_id], reservation_id, kept_as_reserved(lines[order_id], _NO_POLICY), now
        )
        row.routing_due = _policy_of(row.channel, rules) is not None
        rows.append(row)
    AllocationRow.objects.bulk_create(rows)
    publish_many([_created(row, lines[row.order_id]) for row in rows if not row.routing_due])
    return len(rows)


def route_allocations(*, now: datetime, limit: int = 200) -> int:
    """Route orders that were taken up, each in a transaction of its own; says how many."""
    due = AllocationRow.objects.filter(routing_due=True).order_by("created_at")
    return sum(_route(order_id, now) for order_id in due.values_list("order_id", flat=True)[:limit])


@transaction.atomic
def _route(order_id: UUID, now: datetime) -> bool:
    held = ReservationRow.objects.select_for_update(skip_locked=True).filter(order_id=order_id)
    reservation = held.first()
    if reservation is None:
        return False
    due = AllocationRow.objects.select_for_update().filter(order_id=order_id, routing_due=True)
    row = due.first()
    if row is None:
        return False
    if reservation.status != "CONFIRMED" or _begun(order_id):
        AllocationRow.objects.filter(id=row.id).update(routing_due=False)
        publish_many([_created(row, allocation.lines([order_id]))])
        return True
    command = AllocateOrder(order_id=order_id, channel=row.channel, country=row.country)
    _allocate(command, reservation.id, row, _policy_of(row.channel, allocation.policies()), now)
    return True


def _allocate(
    command: AllocateOrder,
    reservation_id: UUID,
    row: AllocationRow | None,
    policy: Policy | None,
    now: datetime,
) -> Allocation:
    lines = allocation.lines([command.order_id])
    explained = kept_as_reserved(lines, _NO_POLICY)
    if command.picks or policy is not None:
        skus = {line.sku_id for line in lines}
        taken_up = row.created_at if row else now
        if not command.picks:
            allocation.hold_capacities()
        settle(skus)
        before = ledger.totals(skus)
        decision = (
            _as_told(command.picks, lines)
            if command.picks
            else decide(command, policy, lines, now=now, taken_up=taken_up)  # type: ignore[arg-type]  # one of both is there
        )
        explained = decision.explained
        move_to(reservation_id, lines, decision.units)
        tell_shifts(before)
        stripes.spread(skus)
    made = row is None
    if row is None:
        row = _row(command, reservation_id, explained, now)
    news = made or row.routing_due
    row.status, row.decision, row.updated_at = "ALLOCATED", explained, now
    row.routing_due = False
    row.save(force_insert=made)
    if news:
        publish_many([_created(row, allocation.lines([command.order_id]))])
    return get_allocation(allocation_id=row.id)


def move_to(reservation_id: UUID, lines: Sequence[Line], units: Units) -> bool:
    """Have an order's open units be at these locations; the levels are locked. Did any move?"""
    codes = {code for code, _ in units} | {line.code for line in lines}
    ids = reading.location_ids(codes)
    moves: Counter[tuple[UUID, UUID]] = Counter()
    for (code, sku_id), count in units.items():
        moves[sku_id, ids[code]] += count
    for line in lines:
        moves[line.sku_id, line.location_id] -= line.quantity - line.shipped
    changed = {place: delta for place, delta in moves.items() if delta}
    if changed:
        allocation.move(reservation_id, changed)
    return bool(changed)


def tell_shifts(before: Mapping[UUID, int]) -> None:
    """Announce what became available by a move, or no longer is."""
    after = ledger.totals(before.keys())
    publish_many(
        [*of_shifts(Shift(sku, units, after.get(sku, 0)) for sku, units in before.items())]
    )


def _as_told(picks: Collection[Pick], lines: Sequence[Line]) -> Decision:
    units: Units = {}
    for pick in picks:
        units[pick.location, pick.sku_id] = (
            units.get((pick.location, pick.sku_id), 0) + pick.quantity
        )
    _refuse_other_sums(units, lines)
    free = {
        (shelf.code, shelf.sku_id): 0 if shelf.held or not shelf.active else shelf.free
        for shelf in allocation.shelves({sku_id for _, sku_id in units})
    }
    known = reading.location_ids({code for code, _ in units})
    if strange := {code for code, _ in units} - known.keys():
        raise UnknownLocation(f"no location {min(strange)!r}")
    for line in lines:
        place = line.code, line.sku_id
        free[place] = free.get(place, 0) + line.quantity - line.shipped
    missing = [
        {"locationId": code, "skuId": str(sku_id), "available": free.get((code, sku_id), 0)}
        for (code, sku_id), count in units.items()
        if count > free.get((code, sku_id), 0)
    ]
    if missing:
        raise NotThere("A location has not that much.", missing=missing)
    return Decision(
        units=units,
        explained=kept_as_reserved(lines, "") | {
            "decision": ", ".join(f"{n} from {code}" for (code, _), n in sorted(units.items())),
            "reasons": [{"rule": "caller", "outcome": "as told", "why": "the caller named the picks"}],
        },
    )  # fmt: skip


def _refuse_other_sums(units: Units, lines: Sequence[Line]) -> None:
    wanted: Counter[UUID] = Counter()
    for line in lines:
        wanted[line.sku_id] += line.quantity - line.shipped
    for (_, sku_id), count in units.items():
        wanted[sku_id] -= count
    if off := {str(sku_id): count for sku_id, count in wanted.items() if count}:
        raise NotThere("The picks are to be all that is reserved for the order.", missing=off)


def _policy_of(channel: str, rules: Mapping[str, Policy]) -> Policy | None:
    return rules.get(channel) or rules.get("")


def _begun(order_id: UUID) -> bool:
    tasks = WarehouseTask.objects.filter(order_id=order_id)
    return tasks.exclude(status__in=["CANCELLED", "FAILED"]).exists()


def _row(
    command: AllocateOrder, reservation_id: UUID, explained: dict[str, Any], now: datetime
) -> AllocationRow:
    return AllocationRow(
        reservation_id=reservation_id,
        order_id=command.order_id,
        channel=command.channel,
        country=command.country,
        decision=explained,
        created_at=now,
        updated_at=now,
    )


def _created(row: AllocationRow, lines: Sequence[Line]) -> AllocationCreated:
    return AllocationCreated(
        allocation_id=row.id,
        order_id=row.order_id,
        reservation_id=row.reservation_id,
        items=items_of(lines),
    )


def items_of(lines: Sequence[Line]) -> tuple[HeldItem, ...]:
    """Lines as events carry them."""
    return tuple(
        HeldItem(sku_id=line.sku_id, quantity=line.quantity, location_id=line.code)
        for line in lines
    )
