"""What goods cost once they are here: their price, and their part of freight and duty. To the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ecommerce.money import allocate, share_of

MOST_MINOR = 2**53 - 1
"""The most that an order, a line or a layer may cost: what JSON keeps exact, and far less than a column holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderedLine:
    """What the split needs of an order line; money in minor units of the order's currency."""

    units: int
    unit_cost_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCost:
    """Freight, duty and the like of a whole order, split by ``value`` or by ``quantity``."""

    amount_minor: int
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """What some units that arrived cost, in minor units of the books' currency."""

    goods_minor: int
    other_minor: int

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.other_minor


def other_shares(
    lines: Sequence[OrderedLine], costs: Sequence[OtherCost], rate: Decimal
) -> list[int]:
    """Each line's part of the other costs, in the books' currency. The parts add up to the whole exactly."""
    shares = [0] * len(lines)
    for cost in costs:
        weights = [
            line.units * line.unit_cost_minor if cost.by == "value" else line.units
            for line in lines
        ]
        for index, part in enumerate(allocate(share_of(cost.amount_minor, rate), weights)):
            shares[index] += part
    return shares


def arrived(
    line: OrderedLine, *, share_minor: int, before: int, units: int, rate: Decimal
) -> Slice:
    """What the units after the first ``before`` of a line cost.

    Each sum is the difference of two running totals, so that the parts of a line, however it arrives,
    add up exactly. Units beyond what was ordered bear no other cost: all of it is borne already.
    """
    after = before + units
    return Slice(
        goods_minor=share_of(line.unit_cost_minor * after, rate)
        - share_of(line.unit_cost_minor * before, rate),
        other_minor=_borne(line, share_minor, after) - _borne(line, share_minor, before),
    )


def not_borne(line: OrderedLine, *, share_minor: int, arrived_units: int) -> int:
    """What of a line's other costs no unit has borne, because it never came."""
    return share_minor - _borne(line, share_minor, arrived_units)


def _borne(line: OrderedLine, share_minor: int, units: int) -> int:
    return share_minor * min(units, line.units) // line.units
