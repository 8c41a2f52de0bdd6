"""What stock is worth. Money in minor units of the books' currency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

ValuationMethod = Literal["fifo", "average"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceValue:
    """Units and their cost at a location."""

    location: str
    units: int
    cost_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StockValue:
    """A SKU: what is there, what is between locations, where the rest of its cost went.

    ``bought + assumed = cost + in_transit + sold + lost`` over all time, exactly; with ``since``, sold
    and lost are of that time only. ``assumed_minor`` was put on units of which nobody said what they
    cost; ``unknown_units`` of them count as nothing, there having been nothing to go by.

    What came broken is no stock and not in these: ``claimed_minor`` is what such units cost that wait to be
    settled; of the others ``credited_minor`` was given back by suppliers and ``written_off_minor`` by nobody.
    """

    sku_id: UUID
    units: int
    cost_minor: int
    in_transit_units: int
    in_transit_minor: int
    bought_minor: int
    assumed_minor: int
    unknown_units: int
    sold_units: int
    sold_minor: int
    lost_units: int
    lost_minor: int
    claimed_minor: int
    credited_minor: int
    written_off_minor: int
    places: tuple[PlaceValue, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueStock:
    """As of ``at``, by what was written down until ``known_at``."""

    at: datetime
    known_at: datetime
    method: ValuationMethod = "fifo"
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodsCost:
    """What the units of a SKU that left for an order cost."""

    sku_id: UUID
    units: int
    cost_minor: int
