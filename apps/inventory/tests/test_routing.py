"""Routing: never more than there is, all that can be covered, and as good as any way of doing it."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.inventory.domain import routing
from apps.inventory.domain.geography import great_circle_km
from apps.inventory.domain.routing import Candidate, Objective, Plan, greedy, route

SKUS = [UUID(int=number) for number in range(1, 4)]
OBJECTIVES: tuple[Objective, ...] = ("splits", "cost", "distance", "promise", "expiry")


@st.composite
def questions(draw: st.DrawFn, places: int = 4) -> tuple[dict[UUID, int], list[Candidate]]:
    skus = SKUS[: draw(st.integers(1, 3))]
    wanted = {sku: draw(st.integers(1, 4)) for sku in skus}
    few = st.integers(0, 5)
    candidates = [
        Candidate(
            code=f"place-{number}",
            location_id=UUID(int=100 + number),
            stock={sku: draw(few) for sku in skus},
            priority=draw(st.integers(0, 3)),
            km=draw(few),
            cost_minor=draw(few),
            lead_days=draw(few),
            expiry_days={sku: draw(few) for sku in skus},
            refused=draw(st.sampled_from(["", "", "", "closed"])),
        )
        for number in range(draw(st.integers(1, places)))
    ]
    return wanted, candidates


@given(questions(), st.sampled_from(OBJECTIVES))
def test_a_plan_takes_what_is_there_and_covers_what_can_be(
    question: tuple[dict[UUID, int], list[Candidate]], objective: Objective
) -> None:
    wanted, candidates = question
    plan = route(wanted, candidates, objective=objective).plan
    _is_sound(plan, wanted, candidates)


def _is_sound(plan: Plan, wanted: dict[UUID, int], candidates: list[Candidate]) -> None:
    usable = {one.code: one for one in candidates if not one.refused}
    for (code, sku), units in plan.units.items():
        assert 0 < units <= usable[code].stock[sku]
    missing = 0
    for sku, units in wanted.items():
        there = sum(one.stock[sku] for one in usable.values())
        got = sum(count for (_, other), count in plan.units.items() if other == sku)
        assert got == min(units, there)
        missing += units - got
    assert plan.score[0] == missing


@given(questions(), st.sampled_from(OBJECTIVES))
def test_the_best_plan_is_no_worse_than_the_greedy_one(
    question: tuple[dict[UUID, int], list[Candidate]], objective: Objective
) -> None:
    wanted, candidates = question
    found = route(wanted, candidates, objective=objective)
    assert found.exact
    assert found.plan.score <= greedy(wanted, candidates, objective=objective).score


@settings(max_examples=60)
@given(questions(places=3), st.sampled_from(OBJECTIVES))
def test_no_way_of_taking_the_units_is_better(
    question: tuple[dict[UUID, int], list[Candidate]], objective: Objective
) -> None:
    wanted, candidates = question
    usable = [one for one in candidates if not one.refused]
    best = route(wanted, candidates, objective=objective).plan.score
    ways = [
        list(product(*(range(min(units, one.stock[sku]) + 1) for one in usable)))
        for sku, units in wanted.items()
    ]
    for takes in product(*ways):
        if any(sum(take) > units for take, units in zip(takes, wanted.values(), strict=True)):
            continue
        assert best <= _score(takes, wanted, usable, objective)


def _score(
    takes: tuple[tuple[int, ...], ...],
    wanted: dict[UUID, int],
    usable: list[Candidate],
    objective: Objective,
) -> tuple[int, int, int, int]:
    used = [one for at, one in enumerate(usable) if any(take[at] for take in takes)]
    value = {
        "splits": len(used),
        "cost": sum(one.cost_minor for one in used),
        "distance": sum(one.km for one in used),
        "promise": max((one.lead_days for one in used), default=0),
        "expiry": sum(
            count * one.expiry_days[sku]
            for sku, take in zip(wanted, takes, strict=True)
            for one, count in zip(usable, take, strict=True)
        ),
    }[objective]
    missing = sum(wanted.values()) - sum(map(sum, takes))
    return missing, value, len(used), sum(one.priority for one in used)


@given(questions(places=6), st.sampled_from(OBJECTIVES))
def test_with_many_locations_the_plan_is_sound_still(
    question: tuple[dict[UUID, int], list[Candidate]], objective: Objective
) -> None:
    wanted, candidates = question
    before = routing.MOST_TRIALS
    exact = route(wanted, candidates, objective=objective).plan
    try:
        routing.MOST_TRIALS = 0
        found = route(wanted, candidates, objective=objective)
    finally:
        routing.MOST_TRIALS = before
    _is_sound(found.plan, wanted, candidates)
    assert found.plan.score[0] == exact.score[0]
    if objective in {"promise", "expiry"}:
        assert found.plan.score[:2] == exact.score[:2]
    else:
        worst = 1 + sum(1 / n for n in range(1, sum(wanted.values()) + 1))
        assert found.plan.score[1] <= worst * exact.score[1]


def test_forty_locations_are_routed_at_once() -> None:
    wanted = dict.fromkeys(SKUS, 5)
    candidates = [
        Candidate(
            code=f"p{number:02}",
            location_id=UUID(int=number),
            stock={SKUS[number % 3]: 1 + number % 4},
            km=number * 7 % 50,
        )
        for number in range(40)
    ]
    found = route(wanted, candidates, objective="distance")
    assert (found.exact, found.plan.score[0], found.tried < 100) == (False, 0, True)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((52.52, 13.405), (48.1374, 11.5755), 504),
        ((0.0, 0.0), (0.0, 180.0), 20015),
        ((40.0, 0.0), (40.0, 0.0), 0),
    ],
)
def test_distances_go_over_the_ground(
    one: tuple[float, float], other: tuple[float, float], km: int
) -> None:
    assert round(great_circle_km(one, other)) == pytest.approx(km, abs=1)
