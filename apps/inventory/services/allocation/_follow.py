"""What becomes of an allocation: picked, packed, gone, given back; and what was not found, found elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import NoAllocation, ReservationClosed
from apps.inventory.events import (
    AllocationCompleted,
    AllocationFailed,
    AllocationReleased,
    HeldItem,
)
from apps.inventory.models import Allocation as AllocationRow
from apps.inventory.models import Backorder
from apps.inventory.models import Reservation as ReservationRow
from apps.inventory.queries import allocation, assembling, ledger, stripes
from apps.inventory.queries.allocation import Line, Policy
from apps.inventory.services._hold_from_sale import hold_all
from apps.inventory.services._hot import settle
from apps.inventory.services._release import release_reservation
from apps.inventory.services.allocation._allocate import items_of, tell_shifts
from apps.inventory.services.allocation._decide import decide
from apps.inventory.services.allocation._read import get_allocation
from apps.inventory.types import AllocateOrder, Allocation
from ecommerce.events import publish_many

_ELSEWHERE = Policy(
    key="short pick", objective="splits", own_country_first=False, most_parcels=None, rules={}
)
_OPEN = ("ALLOCATED", "PICKING", "PICKED", "PACKED", "FAILED")


@transaction.atomic
def release_allocation(*, allocation_id: UUID, reason: str, now: datetime) -> Allocation:
    """Give the stock of an order back, as an operator; what has left has left. A repeat changes nothing.

    Its picks are called off after that. Raises NoAllocation, ReservationClosed where all has left.
    """
    row = AllocationRow.objects.filter(id=allocation_id).first()
    if row is None:
        raise NoAllocation(f"no allocation {allocation_id}")
    if row.status == "SHIPPED":
        raise ReservationClosed("everything has been shipped", status=row.status)
    release_reservation(order_id=row.order_id, reason=reason)
    note_released(order_id=row.order_id, reason=reason, now=now)
    return get_allocation(allocation_id=allocation_id)


@transaction.atomic
def note_released(*, order_id: UUID, reason: str, now: datetime) -> bool:
    """The order's stock was given back: so is its allocation over. Was it open?"""
    row = (
        AllocationRow.objects.select_for_update()
        .filter(order_id=order_id, status__in=_OPEN)
        .first()
    )
    if row is None:
        return False
    lines = [line for line in allocation.lines([order_id]) if line.quantity > line.shipped]
    _become(row, "RELEASED", now)
    publish_many(
        [
            AllocationReleased(
                allocation_id=row.id,
                order_id=order_id,
                reservation_id=row.reservation_id,
                items=items_of(lines),
                reason=reason,
            )
        ]
    )
    return True


def note_packed(*, order_id: UUID, now: datetime) -> None:
    """The order is in its box. Whoever packs knows that all of it is picked."""
    AllocationRow.objects.filter(
        order_id=order_id, status__in=("ALLOCATED", "PICKING", "PICKED")
    ).update(status="PACKED", updated_at=now)


def note_shipped(*, order_id: UUID) -> None:
    """All of the order has left; its reservation is locked by the caller."""
    row = AllocationRow.objects.filter(order_id=order_id, status__in=_OPEN).first()
    if row is None:
        return
    AllocationRow.objects.filter(id=row.id).update(status="SHIPPED", routing_due=False)
    publish_many(
        [
            AllocationCompleted(
                allocation_id=row.id,
                order_id=order_id,
                reservation_id=row.reservation_id,
                items=items_of(allocation.lines([order_id])),
            )
        ]
    )


def note_picking(*, order_id: UUID, now: datetime) -> None:
    """Somebody picks of the order; its reservation is locked by the caller."""
    AllocationRow.objects.filter(order_id=order_id, status__in=("ALLOCATED", "PICKED")).update(
        status="PICKING", routing_due=False, updated_at=now
    )


def note_put_back(*, order_id: UUID, now: datetime) -> None:
    """A pick was called off: what it had picked lies on the shelf again."""
    AllocationRow.objects.filter(order_id=order_id, status__in=("PICKING", "PICKED")).update(
        status="ALLOCATED", updated_at=now
    )


def after_pick(
    *,
    order_id: UUID,
    missing: Mapping[UUID, int],
    at: tuple[UUID, str],
    reference: str,
    actor: str,
    now: datetime,
) -> set[str]:
    """A pick of an order is done at a location, but for what is ``missing``; says where else there is to pick now.

    What was not found is held from sale there, and taken from other locations; what no other has is
    backordered where the SKU's policy allows that, and else the allocation has failed: the units stay
    promised where they were not found, for a person to decide. The task's row is locked by the caller.
    """
    held = ReservationRow.objects.select_for_update().filter(order_id=order_id).first()
    if held is None:
        return set()
    row = AllocationRow.objects.select_for_update().filter(order_id=order_id).first()
    elsewhere: set[str] = set()
    left: dict[UUID, int] = {}
    if missing:
        location_id, code = at
        allocation.hold_capacities()
        hold_all(
            [(sku_id, location_id) for sku_id in sorted(missing)],
            [f"{missing[sku_id]} were not found" for sku_id in sorted(missing)],
            reference=reference,
            actor=actor,
        )
        settle(missing.keys())  # once more: holding has spread what lies elsewhere
        if held.status == "CONFIRMED":
            since = row.created_at if row else now
            elsewhere, left = _take_elsewhere(held, missing, at, now=now, taken_up=since)
        stripes.spread(missing.keys())
    if row is None:
        return elsewhere
    if left:
        _failed(row, left, code, now)
    elif row.status in {"ALLOCATED", "PICKING", "FAILED"}:
        _become(row, "PICKED" if _all_picked(order_id) else "PICKING", now)
    return elsewhere


def _take_elsewhere(
    held: ReservationRow,
    missing: Mapping[UUID, int],
    at: tuple[UUID, str],
    *,
    now: datetime,
    taken_up: datetime,
) -> tuple[set[str], dict[UUID, int]]:
    """Move what was not found to where it is; says where that is, and what is nowhere."""
    location_id, code = at
    before = ledger.totals(missing.keys())
    elsewhere: set[str] = set()
    left: dict[UUID, int] = {}
    still = {
        line.sku_id: line.quantity - max(line.shipped, line.picked)
        for line in allocation.lines([held.order_id])
        if line.location_id == location_id
    }
    for sku_id, not_found in sorted(missing.items()):
        units = min(not_found, max(0, still.get(sku_id, 0)))
        line = Line(held.order_id, sku_id, location_id, code, units, 0, 0)
        found = _found_elsewhere(line, now=now, taken_up=taken_up)
        moves = {(sku_id, place_id): count for (place_id, _), count in found.items()}
        moved = sum(found.values())
        if moved:
            allocation.move(held.id, moves | {(sku_id, location_id): -moved})
            elsewhere |= {place for _, place in found}
        if rest := units - moved:
            if _backorder(held, sku_id, rest, now):
                allocation.move(held.id, {(sku_id, location_id): -rest})
            else:
                left[sku_id] = rest
    tell_shifts(before)
    return elsewhere, left


def _found_elsewhere(
    line: Line, *, now: datetime, taken_up: datetime
) -> dict[tuple[UUID, str], int]:
    """As much of the line's units as other locations have, from as few as can be."""
    code, sku_id = line.code, line.sku_id
    shelves = {shelf.code: shelf for shelf in allocation.shelves([sku_id])}
    if not line.quantity or code not in shelves:
        return {}
    there = sum(
        max(0, shelf.free)
        for shelf in shelves.values()
        if shelf.active and not shelf.held and shelf.code != code
    )
    wanted = min(line.quantity, there)
    if not wanted:
        return {}
    decision = decide(
        AllocateOrder(order_id=line.order_id),
        _ELSEWHERE,
        [replace(line, quantity=wanted)],
        now=now,
        taken_up=taken_up,
        without=frozenset({(code, sku_id)}),
    )
    return {
        (shelves[place].location_id, place): count for (place, _), count in decision.units.items()
    }


def _backorder(held: ReservationRow, sku_id: UUID, units: int, now: datetime) -> bool:
    """Have the order wait for units, where the SKU may be sold beyond its stock by as many."""
    if Backorder.objects.filter(reservation_id=held.id, sku_id=sku_id).exists():
        return False
    assembling.lock_policies([sku_id])
    rule = assembling.rules([sku_id])[sku_id]
    if rule.room(now) < units:
        return False
    assembling.note_beyond(held.id, [(sku_id, units, rule.promise(now))])
    ReservationRow.objects.filter(id=held.id).update(extras=True)
    return True


def _failed(row: AllocationRow, left: Mapping[UUID, int], code: str, now: datetime) -> None:
    items = tuple(
        HeldItem(sku_id=sku_id, quantity=units, location_id=code) for sku_id, units in left.items()
    )
    said: Sequence[object] = row.decision.get("reasons", [])
    why = ", ".join(f"{units} of {sku_id}" for sku_id, units in left.items())
    row.decision = row.decision | {
        "reasons": [
            *said,
            {
                "rule": f"location:{code}",
                "outcome": "short",
                "why": f"not found, nor elsewhere: {why}",
            },
        ]
    }
    _become(row, "FAILED", now)
    publish_many(
        [
            AllocationFailed(
                allocation_id=row.id,
                order_id=row.order_id,
                reservation_id=row.reservation_id,
                items=items,
                reason="not found",
            )
        ]
    )


def _all_picked(order_id: UUID) -> bool:
    return all(
        max(line.picked, line.shipped) >= line.quantity for line in allocation.lines([order_id])
    )


def _become(row: AllocationRow, status: str, now: datetime) -> None:
    row.status, row.updated_at, row.routing_due = status, now, False
    row.save(update_fields=["status", "updated_at", "decision", "routing_due"])
