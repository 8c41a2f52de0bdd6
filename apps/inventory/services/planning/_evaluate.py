"""How good the forecasts would have been on a history: ours, seasonal-naive, the library's auto models."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from apps.inventory.domain.demand import abc_of, weekday_profile, weekly
from apps.inventory.services.planning._choose import FOLD_DAYS, NAIVE, Week, choose, project
from apps.inventory.types import Accuracy, SaleDay, Scored

OURS = "chosen"


def evaluate_forecasts(
    days: Sequence[SaleDay],
    *,
    origins: int = 2,
    references: Sequence[str] = (NAIVE,),
    limit: int | None = None,
    every: int = 1,
    start: int = 0,
) -> Iterator[Scored]:
    """Score forecasts of the last ``origins`` four-week windows, each made from what was sold before.

    Everything that is chosen (model, weekday factors, ABC class by value) is chosen from the part before a
    window. SKUs that had not sold by then are left out. Yields a score for each SKU, window and model;
    ``limit`` takes the SKUs of most value only; ``every`` and ``start`` score every n-th SKU by
    name only, while all of them make the classes and the weekday factors.
    """
    first = min(day.day for day in days)
    last = max(day.day for day in days)
    length = (last - first).days + 1
    series, values = _series(days, first, length)
    wanted = set(sorted(series)[start::every])
    for back in range(origins, 0, -1):
        origin = length - back * FOLD_DAYS
        known = {
            sku: _from_first_sale(units[:origin])
            for sku, units in series.items()
            if any(units[:origin])
        }
        classes = abc_of({sku: sum(values[sku][:origin]) for sku in known})
        weekday = (first + timedelta(days=origin - 1)).weekday()
        week = Week(weekday_profile([(units, weekday) for units in known.values()]), weekday)
        for sku in list(classes)[:limit]:
            if sku not in wanted:
                continue
            came = series[sku][origin : origin + FOLD_DAYS]
            choice = choose(known[sku], week)
            for name in (OURS, *references):
                model = choice.model if name == OURS else name
                ahead = project(model, known[sku], week, FOLD_DAYS)
                yield Scored(
                    sku=sku,
                    abc=classes[sku],
                    pattern=choice.pattern,
                    name=name,
                    model=model,
                    daily=_scored(ahead, came),
                    weekly=_scored(weekly(ahead), weekly(came)),
                )


def _scored(ahead: Sequence[float], came: Sequence[float]) -> Accuracy:
    score = Accuracy()
    score.add(ahead, came)
    return score


def _series(
    days: Sequence[SaleDay], first: date, length: int
) -> tuple[Mapping[str, list[float]], Mapping[str, list[float]]]:
    """Units and value per SKU and day, from the first day on."""
    units: dict[str, list[float]] = {}
    values: dict[str, list[float]] = {}
    for sold in days:
        index = (sold.day - first).days
        units.setdefault(sold.sku, [0.0] * length)[index] += sold.units
        values.setdefault(sold.sku, [0.0] * length)[index] += sold.value
    return units, values


def _from_first_sale(units: Sequence[float]) -> Sequence[float]:
    start = next(index for index, sold in enumerate(units) if sold)
    return units[start:]
