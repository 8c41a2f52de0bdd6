"""When to buy and how much: safety stock, reorder point, order-up-to level."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

SERVICE_LEVELS = {"A": 0.98, "B": 0.95, "C": 0.90}
"""The chance of no stockout per cycle that is aimed at where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """A forecast: units per day from tomorrow on, and the standard deviation of a day's error."""

    daily: Sequence[float]
    sigma_daily: float

    def over(self, days: float) -> float:
        """Expected units in so many days; beyond the forecast its mean goes on."""
        whole = min(int(days), len(self.daily))
        return sum(self.daily[:whole]) + (days - whole) * self.mean

    @property
    def mean(self) -> float:
        return sum(self.daily) / len(self.daily) if self.daily else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How a supplier delivers: days of lead time with their standard deviation, packs, least units."""

    lead_days: float
    lead_spread_days: float
    minimum_units: int = 1
    pack_units: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """When to buy (position at or below ``reorder_point``), up to what, and how much now."""

    safety_stock: int
    reorder_point: int
    order_up_to: int
    units: int
    reasons: tuple[tuple[str, str, str], ...]


def safety_stock(demand: Demand, terms: Terms, *, review_days: float, service_level: float) -> int:
    """Units against what cannot be foreseen until what is ordered next time is here.

    ``z · sqrt((L + R) · σ_d² + d̄² · σ_L²)``: L lead time, R review interval, σ_d of a day's demand
    around its forecast, σ_L of the lead time; demand and lead time independent, their sum about
    normal. Silver, Pyke and Thomas, "Inventory and Production Management in Supply Chains", 4th ed.,
    ch. 6 (safety stock under cycle service level) and 7 (variable lead time).
    """
    z = NormalDist().inv_cdf(service_level)
    days = terms.lead_days + review_days
    variance = days * demand.sigma_daily**2 + (demand.mean * terms.lead_spread_days) ** 2
    return max(0, ceil(z * sqrt(variance) - 1e-9))


def plan(
    demand: Demand, terms: Terms, *, position: int, review_days: float, service_level: float
) -> Plan:
    """What to buy of a SKU whose ``position`` is what can be promised and what is to come.

    The reorder point is the demand of the lead time and the safety stock; once it is reached, as much
    is bought as brings the position to the demand of lead time and review interval and the safety
    stock, in whole packs and no fewer than the supplier sells.
    """
    safety = safety_stock(demand, terms, review_days=review_days, service_level=service_level)
    reorder = ceil(demand.over(terms.lead_days) - 1e-9) + safety
    up_to = ceil(demand.over(terms.lead_days + review_days) - 1e-9) + safety
    missing = up_to - position if position <= reorder else 0
    reasons = [
        ("demand", f"{demand.mean:.2f} a day", f"σ {demand.sigma_daily:.2f} a day"),
        (
            "safety-stock",
            str(safety),
            f"{service_level:.0%} over {terms.lead_days:g} ± {terms.lead_spread_days:g} days "
            f"and a review every {review_days:g}",
        ),
        ("position", str(position), f"reorder at {reorder}, up to {up_to}"),
    ]
    if missing <= 0:
        reasons.append(("quantity", "0", "the position is above the reorder point"))
        return Plan(
            safety_stock=safety,
            reorder_point=reorder,
            order_up_to=up_to,
            units=0,
            reasons=tuple(reasons),
        )
    units = packed(missing, terms)
    reasons.append(("quantity", str(units), _why(missing, units, terms)))
    return Plan(
        safety_stock=safety,
        reorder_point=reorder,
        order_up_to=up_to,
        units=units,
        reasons=tuple(reasons),
    )


def packed(units: int, terms: Terms) -> int:
    """The least that a supplier sells which is no fewer units."""
    least = max(units, terms.minimum_units)
    return ceil(least / terms.pack_units) * terms.pack_units


def _why(missing: int, units: int, terms: Terms) -> str:
    if units == missing:
        return "brings the position up"
    return (
        f"{missing} are missing; sold from {terms.minimum_units} units on, "
        f"in packs of {terms.pack_units}"
    )
