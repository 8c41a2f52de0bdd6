"""Put a hold together where one statement does not do: kits, backorders, parts, places, hot SKUs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift
from apps.inventory.domain.planning import Demand, Plan, Rule, Shelf, plan_of, units_of
from apps.inventory.errors import OutOfStock, shortage_facts
from apps.inventory.gateways import hints
from apps.inventory.queries import assembling, reading, stripes
from apps.inventory.queries.assembling import Take
from apps.inventory.types import BackorderedLine, HeldKit, Shortage

Rules = dict[UUID, Rule]


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembled:
    """What was taken: lines as our statements return them, and what else there is to a reservation."""

    lines: list[dict[str, Any]]
    kits: tuple[HeldKit, ...]
    backordered: tuple[BackorderedLine, ...]
    short: tuple[Shortage, ...]
    shifts: list[Shift]

    @property
    def extras(self) -> bool:
        return bool(self.kits or self.backordered)


def assemble(
    reservation_id: UUID,
    demands: Sequence[Demand],
    *,
    now: datetime,
    hard: bool = False,
    partial: bool = False,
    in_order: bool = False,
) -> Assembled:
    """Take units for a reservation that is there and has no lines. Raises OutOfStock.

    A hot SKU is tried on its stripes first, which needs no level; where that fails, all is let go and
    done again in the order of locks, with everything that there is brought together. With ``in_order``, at once.
    """
    rules = assembling.rules({demand.sku_id for demand in demands})
    if not partial:
        _refuse_at_the_gate(demands, rules)
    striped = _has_hot(rules) and not (hard or in_order)
    if striped and not any(demand.locations for demand in demands):
        for waiting in (False, True):
            if taken := _on_stripes(reservation_id, demands, rules, waiting=waiting, now=now):
                return taken
    return _in_full_order(reservation_id, demands, rules, hard=hard, partial=partial, now=now)


def _refuse_at_the_gate(demands: Sequence[Demand], rules: Rules) -> None:
    """In a flash sale, what was called empty a moment ago is looked at without locks first."""
    gated = {
        demand.sku_id: demand.quantity for demand in demands if _is_gated(rules[demand.sku_id])
    }
    empty = sorted(
        sku_id for sku_id, units in hints.known_empty(gated).items() if gated[sku_id] > units
    )
    stock = reading.availability(empty) if empty else {}
    short = [
        Shortage(sku_id=sku_id, requested=gated[sku_id], available=stock[sku_id].available)
        for sku_id in empty
        if gated[sku_id] > stock[sku_id].available
    ]
    if short:
        raise OutOfStock(lines=shortage_facts(short))


def _is_gated(rule: Rule) -> bool:
    return rule.counting == "flash" and rule.oversell == "deny" and not rule.components


def _has_hot(rules: Rules) -> bool:
    return any(rule.counting != "plain" and not rule.backordered for rule in rules.values())


def _on_stripes(
    reservation_id: UUID, demands: Sequence[Demand], rules: Rules, *, waiting: bool, now: datetime
) -> Assembled | None:  # fmt: skip
    units = units_of(demands, rules)
    hot = {sku for sku in units if rules[sku].counting != "plain" and not rules[sku].backordered}
    plain = [Demand(sku_id=sku, quantity=n) for sku, n in units.items() if sku not in hot]
    savepoint = transaction.savepoint()
    shelves = assembling.shelves([d.sku_id for d in plain], lock=True) if plain else []
    plan = plan_of(plain, shelves, rules, now)
    if not plan.short and not plan.beyond and (picked := _pick(units, hot, waiting=waiting)):
        transaction.savepoint_commit(savepoint)
        for demand in demands:
            if rules[demand.sku_id].components:
                plan.kits[demand.sku_id] = plan.kits.get(demand.sku_id, 0) + demand.quantity
        return _write(reservation_id, plan, picked, rules, shelves, hard=False, now=now)
    transaction.savepoint_rollback(savepoint)
    return None


def _pick(units: dict[UUID, int], hot: set[UUID], *, waiting: bool) -> list[Take] | None:
    picked = []
    for sku_id in (sku for sku in units if sku in hot):
        place = stripes.pick(sku_id, units[sku_id], waiting=waiting)
        if place is None:
            return None
        picked.append(Take(sku_id=sku_id, location_id=place[0], units=units[sku_id], striped=True))
    return picked


def _in_full_order(
    reservation_id: UUID, demands: Sequence[Demand], rules: Rules, *, hard: bool, partial: bool, now: datetime
) -> Assembled:  # fmt: skip
    skus = list(units_of(demands, rules))
    assembling.shelves(skus, lock=True)
    stripes.gather(skus)
    if any(rule.oversell != "deny" or rule.backordered for rule in rules.values()):
        assembling.lock_policies(rules)
        rules = {**assembling.rules({d.sku_id for d in demands})}
    while True:
        shelves = assembling.shelves(skus)
        plan = plan_of(demands, shelves, rules, now)
        if not (plan.short or plan.beyond):
            break
        if not assembling.free_overdue(skus, but=reservation_id):
            break
    short = _shortages(demands, plan)
    if short and not (partial and (plan.takes or plan.beyond)):
        hints.note_empty(_gated_empty(demands, short, rules))
        raise OutOfStock(lines=shortage_facts(short))
    taken = _write(reservation_id, plan, [], rules, shelves, hard=hard, now=now, short=short)
    if any(rule.counting != "plain" for rule in rules.values()):
        stripes.spread(skus)
    return taken


def _gated_empty(
    demands: Sequence[Demand], short: Sequence[Shortage], rules: Rules
) -> dict[UUID, int]:
    anywhere = {demand.sku_id for demand in demands if not demand.only}
    return {
        one.sku_id: one.available
        for one in short
        if one.sku_id in anywhere and _is_gated(rules[one.sku_id])
    }


def _write(
    reservation_id: UUID, plan: Plan, picked: Sequence[Take], rules: Rules, shelves: Sequence[Shelf],
    *, hard: bool, now: datetime, short: tuple[Shortage, ...] = (),
) -> Assembled:  # fmt: skip
    takes = [
        Take(sku_id=sku_id, location_id=location_id, units=units)
        for (sku_id, location_id), units in sorted(plan.takes.items())
    ]
    lines = assembling.take(reservation_id, [*takes, *picked], hard=hard)
    kits = tuple(
        HeldKit(sku_id=kit, quantity=quantity, shipped=0, components=rules[kit].components)
        for kit, quantity in sorted(plan.kits.items())
    )
    if kits:
        assembling.note_kits(
            reservation_id,
            [(kit.sku_id, sku, each, kit.quantity) for kit in kits for sku, each in kit.components.items()],
        )  # fmt: skip
    beyond = [
        (sku_id, units, rules[sku_id].promise(now)) for sku_id, units in sorted(plan.beyond.items())
    ]
    if beyond:
        assembling.note_beyond(reservation_id, beyond)
    return Assembled(
        lines=lines,
        kits=kits,
        backordered=tuple(
            BackorderedLine(sku_id=sku_id, quantity=units, promised_at=promised)
            for sku_id, units, promised in beyond
        ),
        short=short,
        shifts=_shifts(plan, shelves),
    )


def _shortages(demands: Sequence[Demand], plan: Plan) -> tuple[Shortage, ...]:
    asked: dict[UUID, int] = {}
    for demand in demands:
        asked[demand.sku_id] = asked.get(demand.sku_id, 0) + demand.quantity
    return tuple(
        Shortage(sku_id=sku_id, requested=asked[sku_id], available=asked[sku_id] - missing)
        for sku_id, missing in sorted(plan.short.items())
    )


def _shifts(plan: Plan, shelves: Sequence[Shelf]) -> list[Shift]:
    before: dict[UUID, int] = {}
    for shelf in shelves:
        before[shelf.sku_id] = before.get(shelf.sku_id, 0) + shelf.free
    taken: dict[UUID, int] = {}
    for (sku_id, _), units in plan.takes.items():
        taken[sku_id] = taken.get(sku_id, 0) + units
    return [Shift(sku, before[sku], before[sku] - units) for sku, units in sorted(taken.items())]
