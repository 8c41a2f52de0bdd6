"""What could not be sold was not unwanted: stockouts are noted, and forecasts take those times for unknown."""

import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.inventory import services
from apps.inventory.domain.stockouts import GIVEN_UP, filled, on_sale, outages, seen
from apps.inventory.models import DemandForecast, Stockout
from apps.inventory.services.planning._choose import Week, choose, project
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.tests.test_planning import FLAT, TODAY, sold_daily
from apps.inventory.types import AdjustStock, SetPolicy
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.jobs.services import run_job, start_job

in_database = pytest.mark.django_db
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
HOURS = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + hours * HOURS


def test_each_day_has_the_part_in_which_it_was_on_sale() -> None:
    found = [(at(12), at(30)), (at(29), at(36)), (at(84), None)]
    assert on_sale(found, first=date(2026, 5, 4), days=5) == [0.5, 0.5, 1.0, 0.5, 0.0]
    assert on_sale([(at(-50), at(6))], first=date(2026, 5, 4), days=1) == [0.75]


def test_what_was_out_for_very_long_was_given_up() -> None:
    days = GIVEN_UP.days
    shares = on_sale([(at(0), None)], first=date(2026, 5, 4), days=days + 2)
    assert shares == [0.0] * days + [1.0, 1.0]


def test_changes_make_outages() -> None:
    assert outages(None, [(at(1), True), (at(2), True), (at(3), False), (at(4), True)]) == (
        [(at(1), at(3)), (at(4), None)],
        False,
    )
    assert outages(at(0), [(at(3), False)]) == ([(at(0), at(3))], True)
    assert outages(at(0), [(at(3), True)]) == ([], False)
    assert outages(None, [(at(3), False)]) == ([], False)


SERIES = st.lists(st.tuples(st.integers(0, 20), st.floats(0, 1)), min_size=1, max_size=29)


@given(series=SERIES, weekday=st.integers(0, 6))
def test_filling_keeps_what_is_known_and_the_rate_it_fills_with(
    series: list[tuple[int, float]], weekday: int
) -> None:
    units = [float(one) if share else 0.0 for one, share in series]
    shares = [share for _, share in series]
    full = filled(units, shares, [1.0] * 7, weekday)
    for before, share, after in zip(units, shares, full, strict=True):
        assert after >= before
        assert share < 1 or after == before
    if sum(shares) > 0.01:
        assert sum(full) / len(full) == pytest.approx(sum(units) / sum(shares), rel=1e-6)
    assert filled(units, [1.0] * len(units), [1.0] * 7, weekday) == units


@given(
    profile=st.lists(st.floats(0.2, 3), min_size=7, max_size=7),
    out=st.sets(st.integers(0, 69), max_size=50),
    weekday=st.integers(0, 6),
    rate=st.floats(0.1, 50),
)
def test_steady_demand_is_restored_from_the_days_that_are_known(
    profile: list[float], out: set[int], weekday: int, rate: float
) -> None:
    true = [rate * profile[(weekday - (69 - i)) % 7] for i in range(70)]
    units = [0.0 if i in out else one for i, one in enumerate(true)]
    shares = [0.0 if i in out else 1.0 for i in range(70)]
    assert filled(units, shares, profile, weekday) == pytest.approx(true)
    assert len(seen(units, shares)) == 70 - len(out)


def shelf(rate: float, days: int, seed: int) -> tuple[list[float], list[float], float]:
    """A shelf that is filled up by fixed orders and often runs empty: what it sold a day, the part of
    the day in which it could, and what was wanted a day."""
    rng = random.Random(seed)
    stock, wanted = 40, 0
    due: list[int] = []
    sold, shares = [0.0] * days, [0.0] * days
    for day in range(days):
        stock += 40 * due.count(day)
        clock = 0.0
        while (clock := clock + rng.expovariate(rate)) < 1:
            wanted += 1
            if stock:
                stock -= 1
                sold[day] += 1
                if stock == 0:
                    shares[day] = clock
                    due.append(day + rng.randint(2, 8))
        shares[day] = shares[day] or float(stock > 0)
    return sold, shares, wanted / days


def test_a_shelf_that_is_often_empty_is_forecast_at_what_is_wanted() -> None:
    """The figures of docs/reference/forecasts.md."""
    before = after = truth = out = 0.0
    for seed in range(12):
        units, shares, wanted = shelf(4.0, 196, seed)
        blind = choose(units, FLAT)
        knowing = choose(units, FLAT, shares)
        full = filled(units, shares, FLAT.profile, FLAT.last_weekday)
        before += sum(project(blind.model, units, FLAT, 28)) / 28
        after += sum(project(knowing.model, full, FLAT, 28)) / 28
        truth += wanted
        out += 1 - sum(shares) / len(shares)
    assert out / 12 == pytest.approx(0.30, abs=0.01)
    assert before / truth - 1 == pytest.approx(-0.28, abs=0.02)
    assert after / truth - 1 == pytest.approx(0, abs=0.02)


def test_weeks_that_could_not_be_sold_are_not_judged() -> None:
    units = [10.0] * 140
    shares = [1.0] * 140
    for day in (*range(70, 91), *range(119, 126)):
        units[day], shares[day] = 0.0, 0.0
    knowing, blind = choose(units, FLAT, shares), choose(units, FLAT)
    assert knowing.backtest.wape == pytest.approx(0, abs=0.01)
    assert knowing.pattern == "smooth"
    assert blind.backtest.wape is not None
    assert blind.backtest.wape > 0.2
    nowhere = choose([10.0] * 40 + [0.0] * 100, Week([1.0] * 7, 6), [1.0] * 40 + [0.0] * 100)
    assert nowhere.backtest.wape is None


@in_database
def test_running_out_and_coming_back_are_noted_by_place(drain: Any) -> None:
    north = location("north")
    mug = stocked(3)
    stocked(2, at="north", sku_id=mug)
    for delta, place in ((-3, "main"), (-2, "north"), (4, "north")):
        services.adjust_stock(AdjustStock(sku_id=mug, delta=delta, reason="so", location=place))
        drain()
    services.reserve_stock(order_of({mug: 4}))
    drain()

    rows = Stockout.objects.filter(sku_id=mug).order_by("id")
    told = [(row.location and row.location.code, row.ended_at is None) for row in rows]
    assert told == [("main", True), ("north", False), (None, False), (None, True)]
    assert rows[1].location == north
    assert rows[1].began_at < rows[1].ended_at  # type: ignore[operator]  # it has ended

    drain()
    assert rows.count() == 4


@pytest.mark.django_db(transaction=True)
def test_stockouts_can_be_rebuilt_from_the_log(drain: Any) -> None:
    mug = stocked(3)
    for delta in (-3, 2, -2):
        services.adjust_stock(AdjustStock(sku_id=mug, delta=delta, reason="so"))
    drain()
    kept = list(Stockout.objects.order_by("began_at", "id").values_list("location", "ended_at"))
    assert len(kept) == 4
    Stockout.objects.all().delete()
    call_command("replay", "inventory.stockouts", stdout=StringIO())
    assert (
        list(Stockout.objects.order_by("began_at", "id").values_list("location", "ended_at"))
        == kept
    )


@in_database
def test_a_forecast_knows_when_nothing_could_be_sold(time_machine: Any) -> None:
    time_machine.move_to(TODAY, tick=False)
    skus = mug, _blind, backordered = [new_id() for _ in range(3)]
    main = location()
    for sku in skus:
        sold_daily(sku, ([4] * 21 + [0] * 14) * 4)
    first = TODAY.replace(hour=0) - timedelta(days=140)
    Stockout.objects.bulk_create(
        Stockout(
            sku_id=sku,
            location=place,
            began_at=first + timedelta(days=35 * n + 21),
            ended_at=first + timedelta(days=35 * n + 35) if n < 3 else None,
        )
        for sku, place in ((mug, main), (mug, None), (backordered, main))
        for n in range(4)
    )
    policy = SetPolicy(sku_id=backordered, oversell="backorder", oversell_limit=9)
    services.set_policy(policy, actor=SYSTEM)
    job = start_job(kind="inventory.forecast_demand", owner_id=None)
    run_job(job.id)

    rows = {row.sku_id: row for row in DemandForecast.objects.all()}
    means = [sum(rows[sku].daily[:28]) / 28 for sku in skus]
    assert means[0] == pytest.approx(4, rel=0.02)
    assert max(means[1:]) < 3
    assert [rows[sku].stockout_days for sku in skus] == [56, 0, 0]
