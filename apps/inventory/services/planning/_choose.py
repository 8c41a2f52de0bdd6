"""How a SKU's demand is forecast: by the median of a few models, or by one that was clearly better lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from apps.inventory.domain.demand import DAYS, pattern_of, shaped, weekly
from apps.inventory.domain.stockouts import filled, seen
from apps.inventory.gateways import forecasting
from apps.inventory.types import Accuracy, DemandPattern

FOLDS = 3
FOLD_DAYS = 28
LEAST_DAYS = FOLD_DAYS
"""What a fold has to know at least."""

NAIVE = "SeasonalNaive"
MEDIAN = "Median"
YOUNG = "WindowAverage28"
MEMBERS = ("WindowAverage28", "WindowAverage56", "ADIDA", "SeasonalES", "AutoETS")
_REGULAR = ("WindowAverage56", "SESOptimized", "SeasonalES", "AutoETS")
_SPORADIC = ("WindowAverage56", "CrostonSBA", "ADIDA", "IMAPA", "TSB")
CANDIDATES: Mapping[DemandPattern, Sequence[str]] = {
    "smooth": _REGULAR,
    "erratic": _REGULAR,
    "intermittent": _SPORADIC,
    "lumpy": _SPORADIC,
    "none": (),
}
CLEARLY = 0.7
"""One model alone replaces the median where its error is below this part of the median's."""


@dataclass(frozen=True, slots=True)
class Week:
    """Weekday factors of the assortment, and the weekday (0 is Monday) of a history's last day."""

    profile: Sequence[float]
    last_weekday: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The model, and how it and seasonal-naive did over the folds, in weekly sums."""

    model: str
    pattern: DemandPattern
    backtest: Accuracy
    naive: Accuracy


def project(model: str, units: Sequence[float], week: Week, horizon: int) -> list[float]:
    """A model's forecast; one that does not see the week itself is given the assortment's."""
    if model == MEDIAN:
        return _median([project(member, units, week, horizon) for member in MEMBERS])
    ahead = forecasting.forecast(model, units, horizon)
    if model in forecasting.SEASONAL:
        return ahead
    return shaped(ahead, week.profile, (week.last_weekday + 1) % DAYS)


def choose(units: Sequence[float], week: Week, shares: Sequence[float] = ()) -> Choice:
    """Try the candidates of the pattern at earlier times (rolling origin) beside the median.

    Few windows of few sales say little about which model is best, and who picks by them picks noise: so
    the median of unlike models stands unless one was clearly better. Judged by the error of weekly sums
    and half of what they are off in total; the daily error alone prefers to forecast nothing where most
    days sell nothing, and the shelf would stay empty.

    ``shares`` are the parts of the days in which it could be sold; all of each, if left out. The rest is
    unknown: filled by what is to be expected where a model needs it, and judged by nowhere.
    """
    shares = shares or [1.0] * len(units)
    pattern = pattern_of(seen(units, shares))
    if pattern == "none" or len(units) < LEAST_DAYS:
        return Choice(YOUNG, pattern, Accuracy(), Accuracy())
    folds = min(FOLDS, (len(units) - LEAST_DAYS) // FOLD_DAYS)
    names = {*MEMBERS, *CANDIDATES[pattern], NAIVE}
    tried = _backtest(names, units, shares, week, folds)
    best = MEDIAN
    if folds == FOLDS:
        single = min(CANDIDATES[pattern], key=lambda name: _badness(tried[name]))
        if _badness(tried[single]) < CLEARLY * _badness(tried[MEDIAN]):
            best = single
    return Choice(best, pattern, tried[best], tried[NAIVE])


def _backtest(
    names: set[str],
    units: Sequence[float],
    shares: Sequence[float],
    week: Week,
    folds: int,
) -> dict[str, Accuracy]:
    """How models and their median would have done in the last folds, each told what was known before it.

    Weeks of which more than a day could not be sold are left out.
    """
    done = {name: Accuracy() for name in (*names, MEDIAN)}
    whole = filled(units, shares, week.profile, week.last_weekday)
    for fold in range(folds, 0, -1):
        origin = len(units) - fold * FOLD_DAYS
        then = Week(week.profile, (week.last_weekday - fold * FOLD_DAYS) % DAYS)
        judged = [on >= DAYS - 1 for on in weekly(shares[origin : origin + FOLD_DAYS])]
        came = _judged(whole[origin : origin + FOLD_DAYS], judged)
        known = filled(units[:origin], shares[:origin], then.profile, then.last_weekday)
        ahead = {name: project(name, known, then, FOLD_DAYS) for name in names}
        ahead[MEDIAN] = _median([ahead[member] for member in MEMBERS])
        for name, days in ahead.items():
            done[name].add(_judged(days, judged), came)
    return done


def _judged(days: Sequence[float], judged: Sequence[bool]) -> list[float]:
    return [units for units, counts in zip(weekly(days), judged, strict=True) if counts]


def _badness(done: Accuracy) -> float:
    return done.absolute + abs(done.signed) / 2


def _median(forecasts: Sequence[Sequence[float]]) -> list[float]:
    return [median(day) for day in zip(*forecasts, strict=True)]
