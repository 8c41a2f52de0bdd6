"""The nightly forecast: every SKU and location that sells, a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.demand import DAYS, abc_of
from apps.inventory.domain.stockouts import filled, on_sale, seen
from apps.inventory.errors import ForecastingOff, NoForecast
from apps.inventory.gateways import forecasting
from apps.inventory.models import DemandForecast
from apps.inventory.queries import planning as queries
from apps.inventory.queries import stockouts
from apps.inventory.queries.planning import Where
from apps.inventory.services.planning._choose import Week, choose, project
from apps.inventory.types import AbcClass, LocationForecast
from ecommerce.ids import new_id
from ecommerce.jobs import JobContext

BATCH = 50
HORIZON_DAYS = 90
HISTORY_DAYS = 2 * 365
_PROFILE_DAYS = 26 * DAYS
_DAY = timedelta(days=1)
_START: Where = (UUID(int=0), UUID(int=0))


def forecasting_installed() -> bool:
    """Can this shop forecast? The library is heavy, so it may do without."""
    return forecasting.installed()


def run_forecasts(context: JobContext, *, now: datetime) -> None:
    """Forecast all that sells. A batch is a transaction with its checkpoint: a run that is killed goes on there.

    Raises ForecastingOff where the library is not installed.
    """
    if not forecasting.installed():
        raise ForecastingOff
    until = now.date() - timedelta(days=1)
    week, classes = _assortment(until)
    after = _start_of(context.checkpoint)
    total = queries.count_pairs()
    while pairs := queries.pairs_after(after, BATCH):
        rows = forecast_pairs(pairs, until=until, week=week, classes=classes, now=now)
        after = pairs[-1]
        with transaction.atomic():
            queries.save_forecasts(rows)
            context.advance(
                context.done + len(pairs),
                total=total,
                checkpoint={"sku": str(after[0]), "location": str(after[1])},
            )


def forecast_pairs(
    pairs: Sequence[Where],
    *,
    until: date,
    week: Week,
    classes: Mapping[Where, AbcClass],
    now: datetime,
) -> list[DemandForecast]:
    """Forecasts of these, made of what was sold until a day; nothing is written."""
    since = until - timedelta(days=HISTORY_DAYS)
    histories = queries.histories(pairs, since=since, until=until)
    out = stockouts.between(
        {sku_id for sku_id, _ in histories}, since=_midnight(since), until=_midnight(until + _DAY)
    )
    rows = []
    for (sku_id, location_id), units in histories.items():
        outages = [*out.get((sku_id, location_id), ()), *out.get((sku_id, None), ())]
        first = until - (len(units) - 1) * _DAY
        history = _History(units, on_sale(outages, first=first, days=len(units)))
        where = (sku_id, location_id)
        rows.append(_forecast(where, history, week, classes.get(where, "C"), now))
    return rows


def get_forecast(*, sku_id: UUID, location: str | None = None) -> tuple[LocationForecast, ...]:
    """A SKU's forecasts, per location. Raises NoForecast."""
    rows = queries.forecasts(sku_id=sku_id, location__code=location).order_by("location__code")
    found = tuple(queries.forecast_view(row) for row in rows)
    if not found:
        raise NoForecast(f"no forecast of {sku_id}", installed=forecasting.installed())
    return found


def days_of(found: Sequence[LocationForecast], *, horizon: int) -> tuple[tuple[date, float], ...]:
    """What all locations together should sell on each of so many days, from the last forecast's start on."""
    start = max(one.starts_on for one in found)
    days = []
    for ahead in range(horizon):
        day = start + timedelta(days=ahead)
        places = [(one, (day - one.starts_on).days) for one in found]
        units = sum(one.daily[index] for one, index in places if index < len(one.daily))
        days.append((day, round(units, 4)))
    return tuple(days)


@dataclass(frozen=True, slots=True)
class _History:
    """Units sold a day, and the part of each day in which they could be."""

    units: Sequence[float]
    shares: Sequence[float]


def _forecast(
    where: Where, history: _History, week: Week, abc: AbcClass, now: datetime
) -> DemandForecast:
    units, shares = history.units, history.shares
    choice = choose(units, week, shares)
    demand = filled(units, shares, week.profile, week.last_weekday)
    ahead = project(choice.model, demand, week, HORIZON_DAYS)
    return DemandForecast(
        id=new_id(),
        sku_id=where[0],
        location_id=where[1],
        starts_on=now.date(),
        daily=[round(one, 4) for one in ahead],
        sigma_daily=_sigma(choice.backtest.rmse, seen(units, shares) or units),
        model=choice.model,
        pattern=choice.pattern,
        abc=abc,
        history_days=len(units),
        stockout_days=round(len(units) - sum(shares), 2),
        wape=choice.backtest.wape,
        bias=choice.backtest.bias,
        naive_wape=choice.naive.wape,
        naive_bias=choice.naive.bias,
        computed_at=now,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _sigma(weekly_rmse: float, units: Sequence[float]) -> float:
    """A day's standard deviation: of the backtest's weekly errors, else of the history."""
    if weekly_rmse:
        return float(weekly_rmse / DAYS**0.5)
    mean = sum(units) / len(units)
    return float((sum((one - mean) ** 2 for one in units) / len(units)) ** 0.5)


def _assortment(until: date) -> tuple[Week, Mapping[Where, AbcClass]]:
    """The weekdays' factors, and the ABC classes by units of the last year."""
    since = until - timedelta(days=_PROFILE_DAYS)
    sums = queries.weekday_sums(since=since, until=until)
    whole = sum(sums.values())
    profile = [sums.get(day, 0) * DAYS / whole if whole else 1.0 for day in range(DAYS)]
    year = queries.units_since(since=until - timedelta(days=365), until=until)
    classes = abc_of({where: float(units) for where, units in year.items()})
    return Week(profile, until.weekday()), classes


def _start_of(checkpoint: Mapping[str, str]) -> Where:
    if not checkpoint:
        return _START
    return UUID(checkpoint["sku"]), UUID(checkpoint["location"])
