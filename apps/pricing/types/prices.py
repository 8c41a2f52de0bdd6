"""Price lists and prices, as others see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.pricing.types.quote import Quote
from ecommerce.identity import Viewer


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPrice:
    """What one unit costs now, and by which row of which list."""

    sku_id: UUID
    amount_minor: int
    currency: str
    compare_at_minor: int | None
    includes_tax: bool
    price_id: UUID
    version: int
    price_list: str
    min_quantity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceList:
    id: UUID
    code: str
    name: str
    channel: str
    currency: str
    priority: int
    status: str
    prices_include_tax: bool
    valid_from: datetime | None
    valid_to: datetime | None
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """One row of the history of prices: this amount, from then until then."""

    id: UUID
    price_list_id: UUID
    price_list_code: str
    channel: str
    currency: str
    sku_id: UUID
    amount_minor: int
    compare_at_minor: int | None
    min_quantity: int
    valid_from: datetime
    valid_to: datetime | None
    withdrawn_at: datetime | None
    replaces_id: UUID | None
    reason: str
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatePriceList:
    code: str
    name: str
    channel: str
    currency: str
    priority: int = 0
    prices_include_tax: bool = True
    status: str = "active"
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatePrice:
    """A price from ``valid_from`` (now, where not told) until ``valid_to`` (for good, where not told).

    Where a currency is told, it must be the list's.
    """

    price_list_id: UUID
    sku_id: UUID
    amount_minor: int
    currency: str | None = None
    compare_at_minor: int | None = None
    min_quantity: int = 1
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    reason: str = ""
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangePrice:
    """Replace what a price says from ``effective_from`` on; its past stays as it was."""

    price_id: UUID
    amount_minor: int
    compare_at_minor: int | None
    valid_to: datetime | None
    currency: str | None = None
    version: int | None = None
    effective_from: datetime | None = None
    reason: str = ""
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceRow:
    """What a SKU shall cost in a list, from now on. Where a currency is told, it must be the list's."""

    sku_id: UUID
    amount_minor: int
    currency: str | None = None
    compare_at_minor: int | None = None
    min_quantity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class SetPrices:
    """Make these the prices of the list from now on: a bulk change that may be repeated.

    ``skus_known`` says that the SKUs come from the catalog itself and need not be looked up there.
    """

    price_list_id: UUID
    rows: tuple[PriceRow, ...]
    skus_known: bool = False
    reason: str = ""
    actor: Viewer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceOutcome:
    """What became of one row: created, changed, unchanged or refused."""

    sku_id: UUID
    min_quantity: int
    outcome: str
    price_id: UUID | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedPrice:
    """A row for ``load_prices``: a price with its own period, in a list told by its code."""

    price_list_code: str
    sku_id: UUID
    amount_minor: int
    valid_from: datetime
    valid_to: datetime | None = None
    compare_at_minor: int | None = None
    min_quantity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CartItem:
    """So many of a SKU, told by its id."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluateItems:
    """What would these cost? Nothing is recorded, nothing is held."""

    channel: str
    currency: str
    items: tuple[CartItem, ...]
    country: str | None = None
    region: str | None = None
    coupon_codes: tuple[str, ...] = ()
    customer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedPrices:
    """What the items cost together, and the SKUs that have no price or are not known."""

    quote: Quote
    missing_sku_ids: tuple[UUID, ...]
