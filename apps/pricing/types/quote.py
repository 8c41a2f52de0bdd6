"""What goes into a quote and what comes out of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

APPLIED = "applied"
REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteLine:
    """One line to price. Where it comes from (a cart, a draft order) is the caller's business."""

    line_id: UUID
    sku_id: UUID
    product_id: UUID
    quantity: int
    category_ids: tuple[UUID, ...] = ()
    tax_class: str = "standard"


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteCart:
    """Price these lines, sold on this channel in this currency and sent to this country.

    ``shipping_minor`` is on the same side of the tax as the channel's prices. Without a country
    (nobody knows yet where it goes) no tax is told. ``record=False`` computes only.
    """

    channel: str
    currency: str
    country: str | None
    lines: tuple[QuoteLine, ...]
    region: str | None = None
    coupon_codes: tuple[str, ...] = ()
    shipping_minor: int = 0
    shipping_tax_class: str = "standard"
    customer_id: UUID | None = None
    record: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why one rule did, or did not, change the result. ``code`` is stable, ``why`` is for people."""

    rule: str
    outcome: str
    why: str
    code: str = ""
    amount_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotedLine:
    """A priced line. ``total_minor`` is what is paid for it, tax included in every case.

    Where prices include tax, ``tax_minor`` is the part of the total that is tax; where they do not,
    it was added: ``total = subtotal - discount (+ tax)``. ``tax_rate`` is in percent: 21 is 21 %.
    """

    line_id: UUID
    sku_id: UUID
    quantity: int
    unit_price_minor: int
    list_price_minor: int | None
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tax_rate: Decimal
    total_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What a cart costs, and why.

    ``discount_minor`` is the sum of the lines' discounts; ``shipping_minor`` what shipping costs
    after ``shipping_discount_minor``; ``tax_minor`` all tax, of which ``shipping_tax_minor`` is on shipping.

    With tax in the prices ``total = subtotal - discount + shipping``; without,
    ``total = subtotal - discount + shipping + tax``. Either way
    ``total = sum(line totals) + shipping (+ shipping tax where prices exclude it)``.
    """

    id: UUID
    channel: str
    currency: str
    country: str | None
    prices_include_tax: bool
    lines: tuple[QuotedLine, ...]
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_discount_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    coupon_codes: tuple[str, ...]
    """The coupons that took effect: the ones to hold when the order is placed."""
    reasons: tuple[Reason, ...]
    inputs_version: str
    signature: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayResult:
    """A recorded quote computed again from its recorded inputs."""

    quote_id: UUID
    identical: bool
    signature_valid: bool
    recorded_total_minor: int
    replayed_total_minor: int
    differences: tuple[str, ...]
    quote: Quote
