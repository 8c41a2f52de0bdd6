"""Which shelf serves which demand, what is made up of what, and what is promised beyond the stock."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """So many units or kits, from some locations first, or from nowhere else."""

    sku_id: UUID
    quantity: int
    locations: tuple[str, ...] = ()
    only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Units of a SKU that can be promised at a location."""

    sku_id: UUID
    location_id: UUID
    code: str
    priority: int
    free: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a SKU's policy says: how it is sold beyond its stock, and of how many that is so already."""

    sku_id: UUID
    oversell: str = "deny"
    oversell_limit: int = 0
    backordered: int = 0
    promised_at: datetime | None = None
    lead_days: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    counting: str = "plain"
    components: Mapping[UUID, int] = field(default_factory=dict)

    def room(self, now: datetime) -> int:
        """How many more units may be promised beyond the stock."""
        begun = self.valid_from is None or self.valid_from <= now
        over = self.valid_until is not None and self.valid_until <= now
        if self.oversell == "deny" or not begun or over:
            return 0
        if self.oversell == "preorder" and self.promised_at and self.promised_at <= now:
            return 0
        return self.oversell_limit - self.backordered

    def promise(self, now: datetime) -> datetime | None:
        """The day that is promised for what is ordered beyond the stock now, if one is known."""
        if self.promised_at is not None or self.lead_days is None:
            return self.promised_at
        return now + timedelta(days=self.lead_days)


@dataclass(kw_only=True, slots=True)
class Plan:
    """What to take from where, in units, what to promise beyond the stock, and what cannot be had.

    ``short`` says how many units or kits, as they were asked for, cannot be had.
    """

    takes: Counter[tuple[UUID, UUID]] = field(default_factory=Counter)
    beyond: Counter[UUID] = field(default_factory=Counter)
    kits: dict[UUID, int] = field(default_factory=dict)
    short: Counter[UUID] = field(default_factory=Counter)


def plan_of(
    demands: Iterable[Demand], shelves: Iterable[Shelf], rules: Mapping[UUID, Rule], now: datetime
) -> Plan:
    """Serve each demand in full from the first shelf that can, else from several, else beyond the stock.

    What somebody waits for is not given to those who come later. A demand that cannot be met in full
    gets what there is, and is noted as short: whether that will do, the caller decides.
    """
    room = _Room(shelves, rules, now)
    plan = Plan()
    for demand in demands:
        components = _components(rules, demand.sku_id)
        units = components or {demand.sku_id: 1}
        most = min(room.left(sku_id, demand) // each for sku_id, each in units.items())
        granted = min(demand.quantity, most)
        if granted < demand.quantity:
            plan.short[demand.sku_id] += demand.quantity - granted
        for sku_id, each in sorted(units.items()) if granted else ():
            room.serve(plan, sku_id, granted * each, demand)
        if components and granted:
            plan.kits[demand.sku_id] = plan.kits.get(demand.sku_id, 0) + granted
    return plan


def units_of(demands: Iterable[Demand], rules: Mapping[UUID, Rule]) -> dict[UUID, int]:
    """The units that demands come to, kits taken apart, in SKU order."""
    units: Counter[UUID] = Counter()
    for demand in demands:
        for sku_id, each in (_components(rules, demand.sku_id) or {demand.sku_id: 1}).items():
            units[sku_id] += demand.quantity * each
    return dict(sorted(units.items()))


def _components(rules: Mapping[UUID, Rule], sku_id: UUID) -> Mapping[UUID, int]:
    return rules[sku_id].components if sku_id in rules else {}


class _Room:
    """What is left on the shelves and beyond them while a plan is made."""

    def __init__(self, shelves: Iterable[Shelf], rules: Mapping[UUID, Rule], now: datetime) -> None:
        self.shelves: dict[UUID, list[Shelf]] = {}
        self.free: dict[tuple[UUID, UUID], int] = {}
        for shelf in shelves:
            self.shelves.setdefault(shelf.sku_id, []).append(shelf)
            self.free[shelf.sku_id, shelf.location_id] = shelf.free
        self.waiting = {sku_id: rule.backordered for sku_id, rule in rules.items()}
        self.beyond = {sku_id: rule.room(now) for sku_id, rule in rules.items()}

    def left(self, sku_id: UUID, demand: Demand) -> int:
        return self._at_hand(sku_id, demand) + self.beyond.get(sku_id, 0)

    def serve(self, plan: Plan, sku_id: UUID, units: int, demand: Demand) -> None:
        here = min(units, self._at_hand(sku_id, demand))
        for shelf in self._in_turn(sku_id, here, demand):
            take = min(here, self.free[sku_id, shelf.location_id])
            if take > 0:
                self.free[sku_id, shelf.location_id] -= take
                plan.takes[sku_id, shelf.location_id] += take
                here -= take
                units -= take
        if units:
            self.beyond[sku_id] -= units
            plan.beyond[sku_id] += units

    def _at_hand(self, sku_id: UUID, demand: Demand) -> int:
        every = sum(self.free[sku_id, s.location_id] for s in self.shelves.get(sku_id, ()))
        spare = max(0, every - self.waiting.get(sku_id, 0))
        if not demand.only:
            return spare
        open_to_it = self._in_turn(sku_id, 0, demand)
        return min(spare, sum(self.free[sku_id, s.location_id] for s in open_to_it))

    def _in_turn(self, sku_id: UUID, units: int, demand: Demand) -> list[Shelf]:
        ranks = {code: rank for rank, code in enumerate(demand.locations)}
        shelves = [
            shelf
            for shelf in self.shelves.get(sku_id, ())
            if not demand.only or shelf.code in ranks
        ]
        return sorted(
            shelves,
            key=lambda s: (
                self.free[sku_id, s.location_id] < units,
                ranks.get(s.code, len(ranks)),
                s.priority,
                s.location_id,
            ),
        )
