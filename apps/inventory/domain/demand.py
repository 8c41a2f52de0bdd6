"""What kind of demand a SKU has, and how good a forecast was. Plain arithmetic over daily units."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from apps.inventory.types import AbcClass, DemandPattern

Key = TypeVar("Key", bound=Hashable)

DAYS = 7
_INTERVAL, _VARIATION = 1.32, 0.49


def pattern_of(units: Sequence[float]) -> DemandPattern:
    """The class of a demand by its mean interval (ADI) and its sizes' squared coefficient of variation.

    The cut-offs 1.32 and 0.49 are those of Syntetos, Boylan and Croston, "On the categorization of
    demand patterns", Journal of the Operational Research Society 56 (2005).
    """
    sizes = [one for one in units if one > 0]
    if not sizes:
        return "none"
    mean = sum(sizes) / len(sizes)
    varies = sum((one - mean) ** 2 for one in sizes) / len(sizes) / mean**2 >= _VARIATION
    if len(units) / len(sizes) < _INTERVAL:
        return "erratic" if varies else "smooth"
    return "lumpy" if varies else "intermittent"


def abc_of(values: Mapping[Key, float]) -> dict[Key, AbcClass]:
    """Pareto classes: A makes the first 80 % of the value, B the next 15 %, C the rest."""
    whole, so_far = sum(values.values()), 0.0
    classes: dict[Key, AbcClass] = {}
    for key, value in sorted(values.items(), key=lambda item: -item[1]):
        share = so_far / whole if whole else 1.0
        classes[key] = "A" if share < 0.80 else "B" if share < 0.95 else "C"
        so_far += value
    return classes


def weekly(units: Sequence[float]) -> list[float]:
    """Sums of seven days each, from the first on; a rest of less than a week is left out."""
    return [sum(units[i : i + DAYS]) for i in range(0, len(units) - DAYS + 1, DAYS)]


def weekday_profile(series: Sequence[tuple[Sequence[float], int]]) -> list[float]:
    """How much of a mean day each weekday sells, over many SKUs: seven factors whose mean is one.

    ``series`` are daily units with the weekday (0 is Monday) of the last of them. A SKU alone sells too
    seldom to tell its own.
    """
    sums = [0.0] * DAYS
    days = [0] * DAYS
    for units, last in series:
        for back, sold in enumerate(reversed(units)):
            weekday = (last - back) % DAYS
            sums[weekday] += sold
            days[weekday] += 1
    means = [units / count if count else 0.0 for units, count in zip(sums, days, strict=True)]
    whole = sum(means)
    return [mean * DAYS / whole for mean in means] if whole else [1.0] * DAYS


def shaped(level: Sequence[float], profile: Sequence[float], first_weekday: int) -> list[float]:
    """A forecast given the shape of the week."""
    return [one * profile[(first_weekday + i) % DAYS] for i, one in enumerate(level)]
