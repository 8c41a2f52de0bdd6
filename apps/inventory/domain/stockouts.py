"""Days on which a SKU could not be sold say nothing about how much of it was wanted."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from apps.inventory.domain.demand import DAYS

Outage = tuple[datetime, datetime | None]
"""From when to when a SKU could not be sold; no end where it still cannot."""

GIVEN_UP = timedelta(days=90)
"""A SKU that was out for longer was given up: from then on nobody is thought to want it."""
_AROUND_DAYS = 28
_LEAST_DAYS = 7.0
_DAY = timedelta(days=1)


def outages(
    begun: datetime | None, changes: Iterable[tuple[datetime, bool]]
) -> tuple[list[Outage], bool]:
    """What changes (when, and whether it is out since) make of an outage that may be open.

    The outages that ended or began with them, and whether the first of these is the open one.
    """
    found: list[Outage] = []
    since = begun
    for at, out in changes:
        if out and since is None:
            since = at
        elif not out and since is not None:
            found.append((since, at))
            since = None
    if since is not None and (since != begun or found):
        found.append((since, None))
    return found, begun is not None and bool(found)


def on_sale(found: Sequence[Outage], *, first: date, days: int) -> list[float]:
    """The part of each day (UTC) from ``first`` on in which none of the outages lasted, from 0 to 1."""
    start = datetime.combine(first, datetime.min.time(), UTC)
    end = start + days * _DAY
    parts = [1.0] * days
    for began, ended in _joined(found, end):
        at = max(began, start)
        until = min(ended, began + GIVEN_UP, end)
        while at < until:
            index = (at - start) // _DAY
            midnight = start + (index + 1) * _DAY
            parts[index] -= (min(until, midnight) - at) / _DAY
            at = midnight
    return [min(1.0, max(0.0, round(part, 6))) for part in parts]


def _joined(found: Sequence[Outage], end: datetime) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for began, ended in sorted((began, ended or max(end, began)) for began, ended in found):
        if joined and began <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ended))
        else:
            joined.append((began, ended))
    return joined


def filled(
    units: Sequence[float], shares: Sequence[float], profile: Sequence[float], last_weekday: int
) -> list[float]:
    """Daily demand where sales were cut off by stockouts: what was sold, and what is to be expected of the
    part of a day (``shares``: the part on sale) in which nothing could be.

    Demand is taken for a Poisson stream whose rate follows the weekdays' ``profile``. When stock ran out
    being known, the rate's maximum-likelihood estimate is units sold over time on sale, and the demand
    expected of the rest of a day is rate times rest, whatever was sold before: Conrad, "Sales data and the
    estimation of demand", Operational Research Quarterly 27 (1976); Jain, Rudi and Wang, "Demand
    estimation and ordering under censoring: stock-out timing is (almost) all you need", Operations
    Research 63 (2015). So the filled series has the rate that it was filled with (the fixed point of
    expectation-maximisation). The rate is of the four weeks before and after a day, of more where these
    have less than a week on sale. Days on sale stay as they were; without a stockout nothing changes.
    """
    if all(share >= 1 for share in shares):
        return list(units)
    last = len(units) - 1
    weights = [profile[(last_weekday - (last - i)) % DAYS] for i in range(len(units))]
    sold = [0.0, *accumulate(units)]
    time = [0.0, *accumulate(w * share for w, share in zip(weights, shares, strict=True))]
    return [
        one if share >= 1 else one + (1 - share) * weights[i] * _rate(i, sold, time)
        for i, (one, share) in enumerate(zip(units, shares, strict=True))
    ]


def _rate(day: int, sold: Sequence[float], time: Sequence[float]) -> float:
    """Units a day on sale around a day; sums of both from the start on."""
    around, days = _AROUND_DAYS, len(sold) - 1
    while True:
        low, high = max(0, day - around), min(days, day + around + 1)
        exposure = time[high] - time[low]
        if exposure >= _LEAST_DAYS or (low, high) == (0, days):
            return (sold[high] - sold[low]) / exposure if exposure > 0 else 0.0
        around *= 2


def seen(units: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Days that tell something by themselves: those that were on sale for the better part."""
    return [one for one, share in zip(units, shares, strict=True) if share >= 0.5]
