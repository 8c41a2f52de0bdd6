"""Buying: suppliers, their terms, purchase orders."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ecommerce.dimensions import LOCATION

OrderState = Literal["DRAFT", "APPROVED", "SENT", "PARTIALLY_RECEIVED", "CLOSED", "CANCELLED"]
CostSplit = Literal["value", "quantity"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveSupplier:
    """A supplier as it shall be; ``code`` says which. Lead time and its standard deviation in days."""

    code: str
    name: str
    email: str = ""
    currency: str = "EUR"
    lead_time_days: Decimal = Decimal(7)
    lead_time_spread_days: Decimal = Decimal(0)
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplier:
    """Who sells to the shop."""

    id: UUID
    code: str
    name: str
    email: str
    currency: str
    lead_time_days: Decimal
    lead_time_spread_days: Decimal
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """On which terms a supplier sells a SKU: cost of one in minor units of the supplier's currency."""

    sku_id: UUID
    unit_cost_minor: int
    supplier_sku: str = ""
    minimum_units: int = 1
    pack_units: int = 1
    preferred: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderItem:
    """Units of a SKU to buy; without a cost, at the supplier's term."""

    sku_id: UUID
    units: int
    unit_cost_minor: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraCost:
    """Freight, duty or another cost of a whole order, in minor units of its currency."""

    kind: str
    amount_minor: int
    split: CostSplit = "value"


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftOrder:
    """What to buy of whom. ``exchange_rate``: the books' currency for one of the supplier's.

    ``currency``, where it is said, is the one that the costs are in, and has to be the supplier's.
    """

    supplier: str
    items: tuple[OrderItem, ...]
    location: str = LOCATION
    currency: str = ""
    costs: tuple[ExtraCost, ...] = ()
    exchange_rate: Decimal = Decimal(1)
    expected_on: date | None = None
    note: str = ""
    author: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """A line of a purchase order and how much of it came."""

    id: UUID
    sku_id: UUID
    ordered: int
    received: int
    damaged: int
    cancelled: int
    outstanding: int
    unit_cost_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PurchaseOrder:
    """A purchase order; money in minor units of ``currency``."""

    id: UUID
    number: str
    supplier: str
    location: str
    state: OrderState
    currency: str
    exchange_rate: Decimal
    expected_on: date | None
    note: str
    author: str
    approved_by: str
    reason: str
    version: int
    created_at: datetime
    sent_at: datetime | None
    mailed_at: datetime | None
    lines: tuple[OrderLine, ...]
    costs: tuple[ExtraCost, ...]

    @property
    def goods_minor(self) -> int:
        return sum(line.ordered * line.unit_cost_minor for line in self.lines)

    @property
    def costs_minor(self) -> int:
        return sum(cost.amount_minor for cost in self.costs)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.costs_minor
