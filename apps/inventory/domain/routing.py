"""Which locations serve an order: the best ones by an objective, and why.

A plan says how many units of each SKU come from where. Plans compare by what they leave uncovered, then
by the objective, then by how many locations they use, then by the priorities of those.

What a set of locations can do best is quickly said: each SKU takes from the one that is cheapest for it on.
So with few locations every set of them is tried, and the plan is the best there is. With many, locations
are chosen one after the other, each time the one with the least weight for each unit that it adds: where the
objective is a sum over locations this is at most 1 + ln(n) times the best, n being the most units that one
location can add (Wolsey 1982, for covering in general). For the promise date and for expiry the choice
is exact in any number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal
from uuid import UUID

Objective = Literal["splits", "cost", "distance", "promise", "expiry"]
MOST_TRIALS = 20_000
"""Sets of locations times SKUs that are tried one by one: some 0.1 s. More are chosen greedily."""
FAR_KM = 20_038
"""Half the way round the earth: how far a place is taken to be of which nothing but another country is known."""
NO_EXPIRY_DAYS = 36_500


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A location: what it has of each wanted SKU, and what sending from it means.

    ``km`` is to the destination, ``cost_minor`` for a parcel there, ``expiry_days`` until the first lot
    of a SKU expires. ``refused`` says why it must not be used, where it must not.
    """

    code: str
    location_id: UUID
    stock: Mapping[UUID, int]
    priority: int = 100
    km: int = 0
    cost_minor: int = 0
    abroad: bool = False
    lead_days: int = 0
    expiry_days: Mapping[UUID, int] = field(default_factory=dict)
    refused: str = ""


Score = tuple[int, int, int, int]
"""Units that nobody has, the objective's value, locations used, their priorities: less is better."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Units by location code and SKU, and how good that is."""

    units: Mapping[tuple[str, UUID], int]
    score: Score

    @property
    def used(self) -> tuple[str, ...]:
        return tuple(sorted({code for code, _ in self.units}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """The plan that was chosen, the next best ones, and whether all were looked at."""

    plan: Plan
    objective: Objective
    exact: bool
    tried: int
    others: tuple[Plan, ...] = ()


def route(
    wanted: Mapping[UUID, int], candidates: Sequence[Candidate], *, objective: Objective
) -> Route:
    """The best plan for what is wanted. Deterministic: the same question has the same answer."""
    useful = [one for one in candidates if not one.refused and _has_some(one, wanted)]
    useful.sort(key=lambda one: (one.priority, one.code))
    exact = 2 ** len(useful) * max(1, len(wanted)) <= MOST_TRIALS
    sets = _every_set(useful) if exact else _likely_sets(useful, wanted, objective)
    plans: dict[tuple[tuple[tuple[str, UUID], int], ...], Plan] = {}
    tried = 0
    for chosen in sets:
        tried += 1
        plan = plan_of(wanted, chosen, objective)
        plans.setdefault(tuple(sorted(plan.units.items())), plan)
    best = sorted(plans.values(), key=lambda plan: (plan.score, plan.used))
    return Route(
        plan=best[0],
        objective=objective,
        exact=exact or objective in {"promise", "expiry"},
        tried=tried,
        others=tuple(_others(best)),
    )


def greedy(
    wanted: Mapping[UUID, int], candidates: Sequence[Candidate], *, objective: Objective
) -> Plan:
    """One location after the other, each time the one that weighs least for each unit that it adds."""
    useful = [one for one in candidates if not one.refused and _has_some(one, wanted)]
    useful.sort(key=lambda one: (one.priority, one.code))
    return plan_of(wanted, _greedily(useful, wanted, objective), objective)


def plan_of(wanted: Mapping[UUID, int], chosen: Sequence[Candidate], objective: Objective) -> Plan:
    """The best that these locations can do: each SKU from the one that is first for it on."""
    units: dict[tuple[str, UUID], int] = {}
    missing = expiry = 0
    for sku_id, quantity in wanted.items():
        left = quantity
        for one in sorted(chosen, key=lambda one: _first_for(one, sku_id, objective)):
            take = min(left, one.stock.get(sku_id, 0))
            if take > 0:
                units[one.code, sku_id] = take
                expiry += take * one.expiry_days.get(sku_id, NO_EXPIRY_DAYS)
                left -= take
        missing += left
    used = [one for one in chosen if any(code == one.code for code, _ in units)]
    value = expiry if objective == "expiry" else _value(used, objective)
    return Plan(units, (missing, value, len(used), sum(one.priority for one in used)))


def _value(used: Sequence[Candidate], objective: Objective) -> int:
    if objective == "promise":
        return max((one.lead_days for one in used), default=0)
    return sum(_weight(one, objective) for one in used)


def _weight(one: Candidate, objective: Objective) -> int:
    if objective == "cost":
        return one.cost_minor
    if objective == "distance":
        return one.km
    return 1


def _first_for(one: Candidate, sku_id: UUID, objective: Objective) -> tuple[int, int, str]:
    days = one.expiry_days.get(sku_id, NO_EXPIRY_DAYS) if objective == "expiry" else 0
    return days, one.priority, one.code


def _every_set(useful: Sequence[Candidate]) -> Iterator[Sequence[Candidate]]:
    for size in range(len(useful) + 1):
        yield from combinations(useful, size)


def _likely_sets(
    useful: Sequence[Candidate], wanted: Mapping[UUID, int], objective: Objective
) -> Iterator[Sequence[Candidate]]:
    """Where there are too many: the greedy choice and what is left of it without each, single ones, all."""
    chosen = _greedily(useful, wanted, objective)
    yield chosen
    for one in chosen:
        yield [other for other in chosen if other is not one]
    for one in useful:
        yield [one]
    yield useful
    if objective == "promise":
        for days in sorted({one.lead_days for one in useful}):
            yield [one for one in useful if one.lead_days <= days]


def _greedily(
    useful: Sequence[Candidate], wanted: Mapping[UUID, int], objective: Objective
) -> list[Candidate]:
    if objective == "expiry":
        return list(useful)
    left = dict(wanted)
    chosen: list[Candidate] = []
    waiting = list(useful)
    while waiting and any(left.values()):
        best = min(waiting, key=lambda one: _for_each_unit(one, left, chosen, objective))
        if not _adds(best, left):
            break
        waiting.remove(best)
        chosen.append(best)
        for sku_id, units in left.items():
            left[sku_id] = units - min(units, best.stock.get(sku_id, 0))
    return chosen


def _for_each_unit(
    one: Candidate, left: Mapping[UUID, int], chosen: Sequence[Candidate], objective: Objective
) -> tuple[float, int, str]:
    added = _adds(one, left)
    more = _value([*chosen, one], objective) - _value(chosen, objective)
    return (more / added if added else float("inf")), one.priority, one.code


def _adds(one: Candidate, left: Mapping[UUID, int]) -> int:
    return sum(min(units, one.stock.get(sku_id, 0)) for sku_id, units in left.items())


def _has_some(one: Candidate, wanted: Mapping[UUID, int]) -> bool:
    return any(one.stock.get(sku_id, 0) > 0 for sku_id in wanted)


def _others(best: Sequence[Plan]) -> Iterable[Plan]:
    """The next best ones that cover as much."""
    return (plan for plan in best[1:4] if plan.score[0] == best[0].score[0])
