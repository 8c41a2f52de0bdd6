"""Demand, its forecast, and what to buy because of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

DemandPattern = Literal["smooth", "erratic", "intermittent", "lumpy", "none"]
AbcClass = Literal["A", "B", "C"]
ProposalState = Literal["PROPOSED", "ORDERED", "DISMISSED"]


@dataclass(slots=True)
class Accuracy:
    """Errors of forecasts, summed so that they can be summed further."""

    absolute: float = 0.0
    signed: float = 0.0
    squared: float = 0.0
    actual: float = 0.0
    count: int = 0

    def add(self, forecast: Sequence[float], actual: Sequence[float]) -> None:
        """Take periods into account: forecast and what came, in the same order."""
        for guess, came in zip(forecast, actual, strict=True):
            self.absolute += abs(guess - came)
            self.signed += guess - came
            self.squared += (guess - came) ** 2
            self.actual += came
            self.count += 1

    def merge(self, other: "Accuracy") -> None:
        """Add another's errors to these."""
        self.absolute += other.absolute
        self.signed += other.signed
        self.squared += other.squared
        self.actual += other.actual
        self.count += other.count

    @property
    def wape(self) -> float | None:
        """Weighted absolute percentage error: the errors' sum over the demand's. None without demand."""
        return self.absolute / self.actual if self.actual else None

    @property
    def bias(self) -> float | None:
        """By how much of the demand the forecasts were too high (positive) or too low in sum."""
        return self.signed / self.actual if self.actual else None

    @property
    def rmse(self) -> float:
        return (self.squared / self.count) ** 0.5 if self.count else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SaleDay:
    """Units of a SKU that were sold on a day, and what they brought."""

    sku: str
    day: date
    units: float
    value: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """How a model did on a SKU in one window, by days and by weeks. ``name`` is the contestant."""

    sku: str
    abc: AbcClass
    pattern: DemandPattern
    name: str
    model: str
    daily: Accuracy
    weekly: Accuracy


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationForecast:
    """A SKU's demand at a location: units per day from ``starts_on`` on.

    ``wape`` and ``bias`` are of weekly sums in the backtest, beside seasonal-naive's; None where there
    was too little history to test on. Of the ``history_days`` it could not be sold on ``stockout_days``.
    """

    sku_id: UUID
    location: str
    starts_on: date
    daily: tuple[float, ...]
    sigma_daily: float
    model: str
    pattern: DemandPattern
    abc: AbcClass
    history_days: int
    stockout_days: float
    wape: float | None
    bias: float | None
    naive_wape: float | None
    naive_bias: float | None
    computed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeReplenishment:
    """For which SKUs (all that have a forecast, where none is named) and how safely to plan.

    Without a service level each ABC class has its own.
    """

    sku_ids: tuple[UUID, ...] | None = None
    location: str | None = None
    service_level: float | None = None
    review_days: float = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why: a rule, what came of it, and its words."""

    rule: str
    outcome: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """Units to buy, and why."""

    id: UUID
    sku_id: UUID
    location: str
    supplier: str
    state: ProposalState
    units: int
    position: int
    safety_stock: int
    reorder_point: int
    order_up_to: int
    reasons: tuple[Reason, ...]
    order_id: UUID | None
    created_at: datetime
