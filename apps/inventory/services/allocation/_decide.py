"""Which locations an order's units come from, by its channel's policy, and the reasons in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.inventory.domain.geography import great_circle_km
from apps.inventory.domain.routing import FAR_KM, Candidate, Plan, Route, route
from apps.inventory.queries import allocation
from apps.inventory.queries.allocation import Line, Policy, Shelf
from apps.inventory.types import AllocateOrder

Units = dict[tuple[str, UUID], int]
"""By location code and SKU."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Where the units are to come from, and the house's explanation of it."""

    units: Units
    explained: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    command: AllocateOrder
    policy: Policy
    now: datetime
    taken_up: datetime
    own: Mapping[tuple[str, UUID], int]
    wanted: Mapping[UUID, int]
    without: frozenset[tuple[str, UUID]] = field(default_factory=frozenset)


def decide(
    command: AllocateOrder,
    policy: Policy,
    lines: Sequence[Line],
    *,
    now: datetime,
    taken_up: datetime,
    without: frozenset[tuple[str, UUID]] = frozenset(),
) -> Decision:
    """Route what is open of an order's lines, whose levels are locked; ``without`` are places where a SKU is not.

    A location's daily capacity is that of the day (UTC) on which the order was ``taken_up``; the capacities are held.

    Where no allowed way has all, or it would take more parcels than the policy allows, all stays where it is.
    """
    own: Units = {}
    wanted: dict[UUID, int] = {}
    for line in lines:
        if still := line.quantity - line.shipped:
            wanted[line.sku_id] = wanted.get(line.sku_id, 0) + still
            if (line.code, line.sku_id) not in without:
                own[line.code, line.sku_id] = still
    question = _Question(
        command=command,
        policy=policy,
        now=now,
        taken_up=taken_up,
        own=own,
        wanted=wanted,
        without=without,
    )
    candidates = _candidates(question)
    found = _routed(question, candidates)
    kept = _why_kept(question, found)
    units = dict(own) if kept else dict(found.plan.units)
    return Decision(units=units, explained=_explained(question, candidates, found, units, kept))


def kept_as_reserved(lines: Sequence[Line], why: str) -> dict[str, Any]:
    """The explanation where nothing had to be decided."""
    return {
        "decision": _said({(line.code, line.sku_id): line.quantity for line in lines}),
        "inputs_version": "none",
        "reasons": [{"rule": "policy", "outcome": "kept", "why": why}],
    }


def _routed(question: _Question, candidates: Sequence[Candidate]) -> Route:
    objective = question.policy.objective
    country = question.command.country
    if question.policy.own_country_first and country:
        at_home = [
            replace(one, refused=one.refused or "it is abroad") if one.abroad else one
            for one in candidates
        ]
        found = route(question.wanted, at_home, objective=objective)
        if not found.plan.score[0]:
            return found
    return route(question.wanted, candidates, objective=objective)


def _why_kept(question: _Question, found: Route) -> str:
    if found.plan.score[0]:
        return f"no allowed way has all: {found.plan.score[0]} units would be missing"
    most = question.policy.most_parcels
    if most is not None and found.plan.score[2] > most:
        return f"it would take {found.plan.score[2]} parcels, and {most} are allowed"
    return ""


def _candidates(question: _Question) -> list[Candidate]:
    shelves = allocation.shelves(question.wanted)
    by_place: dict[str, list[Shelf]] = {}
    for shelf in shelves:
        by_place.setdefault(shelf.code, []).append(shelf)
    limited = [shelf.location_id for shelf in shelves if shelf.daily_capacity is not None]
    midnight = question.taken_up.replace(hour=0, minute=0, second=0, microsecond=0)
    order_id = question.command.order_id
    busy = allocation.given(limited, midnight, but=order_id) if limited else {}
    expiry: Mapping[tuple[UUID, UUID], Any] = {}
    if question.policy.objective == "expiry":
        expiry = allocation.first_expiry(question.wanted, question.now.date())
    return [_candidate(question, found, busy, expiry) for found in by_place.values()]


def _candidate(
    question: _Question,
    shelves: Sequence[Shelf],
    busy: Mapping[UUID, int],
    expiry: Mapping[tuple[UUID, UUID], Any],
) -> Candidate:
    place = shelves[0]
    today = question.now.date()
    country = question.command.country
    rules = question.policy.rules
    of_all = rules.get((place.location_id, ""), place.priority)
    priority = rules.get((place.location_id, country), of_all)
    abroad = bool(country) and place.country != country
    return Candidate(
        code=place.code,
        location_id=place.location_id,
        stock={
            shelf.sku_id: question.own.get((shelf.code, shelf.sku_id), 0)
            + (shelf.free if not shelf.held else 0)
            for shelf in shelves
            if (shelf.code, shelf.sku_id) not in question.without
        },
        priority=place.priority if priority is None else priority,
        km=_km(question.command, place),
        cost_minor=place.parcel_cost_abroad_minor if abroad else place.parcel_cost_minor,
        abroad=abroad,
        lead_days=place.lead_days,
        expiry_days={
            shelf.sku_id: (day - today).days
            for shelf in shelves
            if (day := expiry.get((place.location_id, shelf.sku_id)))
        },
        refused=_refused(place, priority, busy),
    )


def _refused(place: Shelf, priority: int | None, busy: Mapping[UUID, int]) -> str:
    if not place.active:
        return "it is not active"
    if priority is None:
        return "the policy excludes it"
    capacity = place.daily_capacity
    if capacity is not None and busy.get(place.location_id, 0) >= capacity:
        return f"it has had its {capacity} orders today"
    return ""


def _km(command: AllocateOrder, place: Shelf) -> int:
    """Where the destination's coordinates are not known its country is all there is to go by."""
    if (
        command.latitude is not None
        and command.longitude is not None
        and place.latitude is not None
        and place.longitude is not None
    ):
        here = (place.latitude, place.longitude)
        return round(great_circle_km(here, (command.latitude, command.longitude)))
    return 0 if not command.country or place.country == command.country else FAR_KM


def _explained(
    question: _Question,
    candidates: Sequence[Candidate],
    found: Route,
    units: Units,
    kept: str,
) -> dict[str, Any]:
    reasons = [_of_objective(question, found, kept)]
    reasons += [_of_candidate(question, one, units) for one in candidates]
    reasons += [_of_other(other) for other in found.others]
    return {
        "decision": _said(units),
        "inputs_version": question.policy.key,
        "reasons": reasons,
    }


def _of_objective(question: _Question, found: Route, kept: str) -> dict[str, str]:
    how = "all ways compared" if found.exact else "chosen one after the other"
    return {
        "rule": f"objective:{question.policy.objective}",
        "outcome": "kept" if kept else str(found.plan.score[1]),
        "why": kept or f"the least of {found.tried} ways ({how}), in {found.plan.score[2]} parcels",
    }


def _of_candidate(question: _Question, one: Candidate, units: Units) -> dict[str, str]:
    has = sum(
        min(units_wanted, one.stock.get(sku, 0)) for sku, units_wanted in question.wanted.items()
    )
    gives = sum(count for (code, _), count in units.items() if code == one.code)
    far = "in another country" if one.km >= FAR_KM else f"{one.km} km"
    facts = (
        f"has {has} of {sum(question.wanted.values())} units, priority {one.priority}, {far}, "
        f"{one.cost_minor} minor units a parcel, leaves in {one.lead_days} days"
    )
    outcome = "refused" if one.refused and not gives else "chosen" if gives else "not chosen"
    why = f"{one.refused}; {facts}" if one.refused else facts
    return {
        "rule": f"location:{one.code}",
        "outcome": outcome,
        "why": f"gives {gives}; {why}" if gives else why,
    }


def _of_other(plan: Plan) -> dict[str, str]:
    return {
        "rule": "alternative",
        "outcome": " + ".join(plan.used),
        "why": f"would be {plan.score[1]}, in {plan.score[2]} parcels",
    }


def _said(units: Mapping[tuple[str, UUID], int]) -> str:
    by_place: dict[str, int] = {}
    for (code, _), count in sorted(units.items()):
        by_place[code] = by_place.get(code, 0) + count
    return ", ".join(f"{count} from {code}" for code, count in by_place.items()) or "nothing"
