"""Planning: sales are counted once, demand is forecast, and what is missing is proposed and ordered."""

import os
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services
from apps.inventory.domain.demand import abc_of, pattern_of, shaped, weekday_profile, weekly
from apps.inventory.domain.replenishment import Demand, Terms, packed, plan, safety_stock
from apps.inventory.errors import NoForecast, ProposalClosed
from apps.inventory.management.commands.score_forecasts import COLUMNS, read_sales
from apps.inventory.models import DailyDemand, DemandForecast, Location, ReplenishmentProposal
from apps.inventory.services.planning._choose import Week, choose, project
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import (
    Accuracy,
    DraftOrder,
    OrderItem,
    ProposeReplenishment,
    SaleDay,
    SaveSupplier,
    StockLine,
    Term,
)
from ecommerce.clock import now
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.jobs.services import get_job, run_job, start_job

REAL = Path(os.environ.get("SHOP_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
TODAY = datetime(2026, 5, 4, 3, tzinfo=UTC)
FLAT = Week([1.0] * 7, 6)
in_database = pytest.mark.django_db


@pytest.mark.parametrize(
    ("units", "pattern"),
    [
        ([5, 6, 5, 4, 5], "smooth"),
        ([1, 40, 2, 1, 60], "erratic"),
        ([3, 0, 0, 3, 0, 0, 3], "intermittent"),
        ([1, 0, 0, 50, 0, 0, 2], "lumpy"),
        ([0, 0], "none"),
    ],
)
def test_demand_has_a_pattern(units: list[float], pattern: str) -> None:
    assert pattern_of(units) == pattern


def test_few_skus_make_most_of_the_value() -> None:
    classes = abc_of({"a": 80, "b": 15, "c": 4, "d": 1})
    assert classes == {"a": "A", "b": "B", "c": "C", "d": "C"}


def test_a_week_has_a_shape_that_keeps_its_sum() -> None:
    profile = weekday_profile([([0, 2, 2, 2, 2, 2, 4] * 3, 6)])
    assert profile == pytest.approx([0, 1, 1, 1, 1, 1, 2])
    assert sum(shaped([5.0] * 14, profile, 3)) == pytest.approx(70)


def test_errors_weigh_by_demand() -> None:
    score = Accuracy()
    score.add([1, 5], [3, 5])
    assert (score.wape, score.bias) == (0.25, -0.25)
    assert Accuracy().wape is None


def test_a_steady_week_is_forecast_right() -> None:
    units = [10.0, 10, 10, 10, 10, 0, 0] * 20
    choice = choose(units, FLAT)
    ahead = project(choice.model, units, FLAT, 7)
    assert choice.pattern == "intermittent"  # two days a week sell nothing
    assert sum(ahead) == pytest.approx(50, rel=0.1)
    week = Week(weekday_profile([(units, 6)]), 6)
    assert project("SES", units, week, 7) == pytest.approx([10] * 5 + [0] * 2, abs=1.5)


def test_a_young_history_has_its_mean() -> None:
    choice = choose([2.0] * 20, FLAT)
    assert choice.backtest.wape is None
    assert project(choice.model, [2.0] * 20, FLAT, 3) == pytest.approx([2, 2, 2])


def test_one_model_replaces_the_median_only_where_it_was_clearly_better() -> None:
    random.seed(7)
    noise = [float(random.choice((0, 0, 0, 1, 4))) for _ in range(300)]
    assert choose(noise, FLAT).model == "Median"
    growing = [float(day) for day in range(300)]
    assert choose(growing, FLAT).model == "AutoETS"


def test_safety_stock_is_the_formulas() -> None:
    demand = Demand(daily=[10.0] * 30, sigma_daily=3.0)
    terms = Terms(lead_days=9, lead_spread_days=2)
    # 1.6449 · sqrt(16 · 9 + 100 · 4) = 38.4
    assert safety_stock(demand, terms, review_days=7, service_level=0.95) == 39


def test_below_the_reorder_point_whole_packs_are_bought() -> None:
    demand = Demand(daily=[10.0] * 30, sigma_daily=0.0)
    terms = Terms(lead_days=5, lead_spread_days=0, minimum_units=48, pack_units=12)
    low = plan(demand, terms, position=50, review_days=7, service_level=0.95)
    assert (low.reorder_point, low.order_up_to, low.units) == (50, 120, 72)
    assert plan(demand, terms, position=51, review_days=7, service_level=0.95).units == 0


@given(units=st.integers(1, 10_000), minimum=st.integers(1, 500), pack=st.integers(1, 100))
def test_what_is_ordered_is_the_least_that_is_sold_and_enough(
    units: int, minimum: int, pack: int
) -> None:
    terms = Terms(lead_days=1, lead_spread_days=0, minimum_units=minimum, pack_units=pack)
    bought = packed(units, terms)
    assert bought % pack == 0
    assert bought >= max(units, minimum)
    assert bought - pack < max(units, minimum)


@given(
    position=st.integers(0, 500),
    lead=st.floats(0, 60),
    spread=st.floats(0, 10),
    level=st.sampled_from((0.5, 0.9, 0.99)),
)
def test_a_safer_plan_never_buys_later(
    position: int, lead: float, spread: float, level: float
) -> None:
    demand = Demand(daily=[2.5] * 90, sigma_daily=2.0)
    terms = Terms(lead_days=lead, lead_spread_days=spread)
    one = plan(demand, terms, position=position, review_days=7, service_level=level)
    safer = plan(demand, terms, position=position, review_days=7, service_level=level + 0.009)
    assert safer.reorder_point >= one.reorder_point
    assert one.order_up_to >= one.reorder_point >= one.safety_stock >= 0
    if one.units:
        assert position + one.units >= one.order_up_to


@in_database
def test_what_ships_is_demand_once(drain: Any) -> None:
    mug = stocked(10)
    held = services.reserve_stock(order_of({mug: 4}))
    services.confirm_reservation(order_id=held.order_id, now=now())
    for reference in ("one", "one", "two"):
        services.ship_stock(
            order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=2)], reference=reference
        )
    drain()
    drain()
    assert list(DailyDemand.objects.values_list("sku_id", "location__code", "units")) == [
        (mug, "main", 4)
    ]


def sold_daily(sku: UUID, units: list[int]) -> None:
    """So many units on each of the days before today."""
    main = location()
    first = TODAY.date() - timedelta(days=len(units))
    DailyDemand.objects.bulk_create(
        DailyDemand(sku_id=sku, location=main, day=first + timedelta(days=i), units=n)
        for i, n in enumerate(units)
        if n
    )


@pytest.fixture
def mug() -> UUID:
    product = catalog.create_product(
        ProductFields(title="The mug"), now=now(), skus=[SkuFields(code="MUG")]
    )
    sku = product.skus[0].sku_id
    stocked(20, sku_id=sku)
    services.save_supplier(
        SaveSupplier(code="acme", name="Acme", email="a@acme.example", lead_time_days=10)  # type: ignore[arg-type]
    )
    services.save_terms(
        supplier="acme", terms=[Term(sku_id=sku, unit_cost_minor=200, pack_units=12)]
    )
    return sku


@pytest.fixture
def forecast(mug: UUID) -> UUID:
    """The mug sells four a day."""
    DemandForecast.objects.create(
        sku_id=mug,
        location=Location.objects.get(code="main"),
        starts_on=TODAY.date(),
        daily=[4.0] * 90,
        sigma_daily=0.0,
        model="SES",
        pattern="smooth",
        abc="A",
        history_days=200,
        wape=0.2,
        bias=0.0,
        naive_wape=0.3,
        naive_bias=0.0,
        computed_at=TODAY,
    )
    return mug


@in_database
def test_the_nightly_job_forecasts_all_that_sells(mug: UUID, time_machine: Any) -> None:
    time_machine.move_to(TODAY, tick=False)
    sold_daily(mug, [4, 4, 4, 4, 4, 0, 0] * 20)
    sold_daily(new_id(), [1] * 10)
    job = start_job(kind="inventory.forecast_demand", owner_id=None)

    run_job(job.id)

    done = get_job(job_id=job.id, viewer=SYSTEM)
    assert (done.state, done.done, done.total) == ("SUCCEEDED", 2, 2)
    (found,) = services.get_forecast(sku_id=mug)
    assert (found.starts_on, found.history_days) == (TODAY.date(), 140)
    assert sum(found.daily[:28]) == pytest.approx(80, rel=0.1)
    assert found.wape is not None
    assert found.wape < 0.1
    assert services.days_of([found, found], horizon=1) == (
        (TODAY.date(), round(2 * found.daily[0], 4)),
    )
    with pytest.raises(NoForecast):
        services.get_forecast(sku_id=new_id())


@in_database
def test_a_shop_without_the_library_says_so(monkeypatch: Any, caplog: Any) -> None:
    from apps.inventory import tasks

    monkeypatch.setattr(services, "forecasting_installed", lambda: False)
    tasks.forecast_demand()
    assert "requirements/forecast.txt" in caplog.text


@in_database
def test_what_is_missing_is_proposed_with_reasons_and_told_once(forecast: UUID) -> None:
    for _ in range(2):
        (made,) = services.propose_replenishment(ProposeReplenishment(), now=TODAY)
    assert (made.position, made.reorder_point, made.order_up_to, made.units) == (20, 40, 68, 48)
    assert [reason.rule for reason in made.reasons] == [
        "model",
        "demand",
        "safety-stock",
        "position",
        "quantity",
    ]
    assert len(published("ecommerce.inventory.replenishment.proposed.v1")) == 1


@in_database
def test_what_is_on_order_counts_and_a_proposal_that_is_done_with_goes(forecast: UUID) -> None:
    services.propose_replenishment(ProposeReplenishment(), now=TODAY)
    order = services.draft_purchase_order(
        DraftOrder(supplier="acme", items=(OrderItem(sku_id=forecast, units=24),))
    )
    assert len(services.propose_replenishment(ProposeReplenishment(), now=TODAY)) == 1
    services.approve_purchase_order(order_id=order.id, viewer=SYSTEM, now=TODAY)

    assert services.propose_replenishment(ProposeReplenishment(), now=TODAY) == ()

    assert ReplenishmentProposal.objects.get().state == "DISMISSED"


@in_database
def test_proposals_are_ordered_once(forecast: UUID) -> None:
    (made,) = services.propose_replenishment(ProposeReplenishment(), now=TODAY)
    first = services.order_proposals(proposal_ids=[made.id], author="me", now=TODAY)
    assert services.order_proposals(proposal_ids=[made.id], author="me", now=TODAY) == first
    (order,) = first
    assert (order.state, order.lines[0].ordered, order.goods_minor) == ("DRAFT", 48, 9600)
    with pytest.raises(ProposalClosed):
        services.dismiss_proposal(proposal_id=made.id, now=TODAY)


@in_database
def test_planning_over_rest(api: Any, forecast: UUID) -> None:
    base = "/api/v1/inventory/replenishment-proposals"
    api.json_of("POST", base, {}, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    for method, path in (("POST", base), ("GET", "/api/v1/inventory/forecast/MUG")):
        api.json_of(method, path, {} if method == "POST" else None, status=403)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))

    ahead = api.json_of("GET", "/api/v1/inventory/forecast/MUG?horizon=7", status=200)
    assert (ahead["quantity"], len(ahead["days"])) == (28.0, 7)
    assert ahead["locations"][0]["naiveWape"] == 0.3
    (made,) = api.json_of("POST", base, {"skuIds": ["MUG"]}, status=201)["results"]
    assert made["quantity"] == 48
    (listed,) = api.json_of("GET", f"{base}?state=PROPOSED", status=200)["results"]
    assert listed == made == api.json_of("GET", f"{base}/{made['proposalId']}", status=200)
    body = {"proposalIds": [made["proposalId"]]}
    (order,) = api.json_of("POST", f"{base}/order", body, status=201)["results"]
    assert order["lines"][0]["ordered"] == 48
    api.json_of("POST", f"{base}/{made['proposalId']}/dismiss", {}, status=409)
    api.json_of("POST", base, {"serviceLevel": 1.5}, status=422)
    assert api.json_of("POST", base, {}, status=202)["state"] == "QUEUED"


@in_database
def test_a_proposal_is_ordered_in_the_admin(client: Client, forecast: UUID) -> None:
    client.force_login(
        get_user_model().objects.create_superuser(email="b@example.com", password="x")
    )
    (made,) = services.propose_replenishment(ProposeReplenishment(), now=TODAY)
    for page in ("demandforecast", "replenishmentproposal"):
        assert "MUG" in client.get(f"/admin/inventory/{page}/").content.decode()
    shown = client.get(f"/admin/inventory/replenishmentproposal/{made.id}/change/")
    assert "safety-stock" in shown.content.decode()
    client.post(
        "/admin/inventory/replenishmentproposal/",
        {"action": "order_them", "_selected_action": [str(made.id)]},
    )
    assert services.get_proposal(proposal_id=made.id).state == "ORDERED"


def test_forecasts_are_scored_on_what_they_could_not_know() -> None:
    first = date(2026, 1, 5)
    days = [
        SaleDay(sku=sku, day=first + timedelta(days=i), units=units, value=units)
        for sku, units in (("MUG", 9.0), ("TEA", 1.0))
        for i in range(168)
    ]
    scored = list(services.evaluate_forecasts(days, origins=1, references=("SeasonalNaive",)))
    assert {(one.sku, one.abc, one.name) for one in scored} == {
        ("MUG", "A", "chosen"),
        ("MUG", "A", "SeasonalNaive"),
        ("TEA", "B", "chosen"),
        ("TEA", "B", "SeasonalNaive"),
    }
    assert all(one.weekly.wape == pytest.approx(0, abs=0.01) for one in scored)
    assert weekly([1] * 15) == [7, 7]


def test_a_sale_that_was_called_off_is_no_demand(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
        "1,85123A,74215,2011-01-18 10:01:00,1.0,7\n"
        "C2,85123A,-74215,2011-01-18 10:17:00,1.0,7\n"
        "3,85123a,6,2011-01-18 11:00:00,0.5,8\n"
        "4,POST,1,2011-01-18 11:00:00,18,8\n"
    )
    assert read_sales(file, COLUMNS) == [
        SaleDay(sku="85123A", day=date(2011, 1, 18), units=6, value=3.0)
    ]


def test_real_sales_are_forecast_better_than_naively(capsys: Any) -> None:
    file = REAL / "online-retail" / "online_retail.csv.gz"
    if not file.exists():
        pytest.skip(f"no {file}: set SHOP_REAL_DATA")
    call_command("score_forecasts", csv=file, limit=40, origins=1, against="SeasonalNaive")
    rows = {
        line.split()[2]: [float(part) for part in line.replace("%", "").split()[3:]]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("all")
    }
    assert rows["chosen"][1] < 0.9 * rows["SeasonalNaive"][1]


@in_database
def test_what_was_just_ordered_is_not_proposed_again_while_it_waits_for_approval(
    forecast: UUID,
) -> None:
    (made,) = services.propose_replenishment(ProposeReplenishment(), now=TODAY)
    services.order_proposals(proposal_ids=[made.id], author="me", now=TODAY)
    assert services.propose_replenishment(ProposeReplenishment(), now=TODAY) == ()
