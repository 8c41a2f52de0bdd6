"""Everything that a quote is computed from. Recorded with it, so that it can be computed again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.pricing.types import QuoteCart, UnitPrice


@dataclass(frozen=True, kw_only=True, slots=True)
class RateFact:
    """A tax rate in percent; an empty region means the whole country."""

    rate_id: UUID
    tax_class: str
    region: str
    percent: Decimal
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponFact:
    """A code that the shopper entered, as it stood when the quote was made."""

    code: str
    active: bool
    valid_from: datetime | None
    valid_to: datetime | None
    usage_limit: int | None
    per_customer_limit: int | None
    used: int
    used_by_customer: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleFact:
    """A promotion as it stood. ``coupon`` is there where a code brought it in."""

    rule_id: UUID
    code: str
    name: str
    version: int
    active: bool
    priority: int
    exclusive: bool
    channel: str
    currency: str
    effect: str
    percent: Decimal
    amount_minor: int
    min_subtotal_minor: int
    sku_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...]
    valid_from: datetime | None
    valid_to: datetime | None
    coupon: CouponFact | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteInputs:
    """Self-contained: prices, rates and rules in the versions that held at ``at``."""

    at: datetime
    cart: QuoteCart
    prices: tuple[UnitPrice, ...]
    rates: tuple[RateFact, ...]
    rules: tuple[RuleFact, ...]
