"""What goes into the orders room and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ecommerce.dimensions import CHANNEL, LOCALE, MERCHANT
from ecommerce.money import Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where something goes, and to whom. Personal data: it never enters an event or a log."""

    name: str
    line1: str
    city: str
    postal_code: str
    country: str
    """ISO 3166-1 alpha-2."""
    line2: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceOrderLine:
    """One line as it was sold: a snapshot, so that later changes of the catalogue do not touch it."""

    line_id: UUID
    sku_id: UUID
    sku_code: str
    product_id: UUID
    title: str
    seller: str
    quantity: int
    unit_price_minor: int
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    tax_rate: Decimal
    total_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceOrder:
    """Write down a sale that is about to be paid.

    Where prices include tax: total = subtotal - discount + shipping, and ``tax_minor`` tells how
    much of it is tax. Where they exclude it: total = subtotal - discount + shipping + tax.
    ``tax_minor`` counts the tax on shipping in, which ``shipping_tax_minor`` tells apart.
    """

    order_id: UUID
    checkout_id: UUID
    quote_id: UUID
    payment_id: UUID
    customer_id: UUID | None
    guest_token_hash: str | None
    email: str
    currency: str
    lines: tuple[PlaceOrderLine, ...]
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    prices_include_tax: bool
    shipping_address: Address
    billing_address: Address
    shipping_method: str
    placed_at: datetime
    coupon_codes: tuple[str, ...] = ()
    merchant: str = MERCHANT
    channel: str = CHANNEL
    locale: str = LOCALE


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """A line of an order, with its amounts in the order's currency."""

    id: UUID
    sku_id: UUID
    sku_code: str
    product_id: UUID
    title: str
    seller: str
    quantity: int
    unit_price: Money
    subtotal: Money
    discount: Money
    tax: Money
    tax_rate: Decimal
    total: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An order as its owner and the back office see it."""

    id: UUID
    number: str
    status: str
    version: int
    checkout_id: UUID
    quote_id: UUID
    payment_id: UUID
    customer_id: UUID | None
    merchant: str
    channel: str
    locale: str
    currency: str
    lines: tuple[OrderLine, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    total: Money
    payment_status: str
    refunded: Money
    prices_include_tax: bool
    shipping_method: str
    coupon_codes: tuple[str, ...]
    email: str
    shipping_address: Address | None
    billing_address: Address | None
    status_reason: str
    placed_at: datetime
    updated_at: datetime
    fulfilment_started_at: datetime | None
    cancelable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusChange:
    """One step of an order's life."""

    status: str
    previous_status: str | None
    reason: str
    actor: str
    version: int
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderHistory:
    """Where an order stands and how it got there."""

    order_id: UUID
    number: str
    status: str
    version: int
    cancelable: bool
    history: Sequence[StatusChange]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedStep:
    """A status that a loaded order came to, and when."""

    status: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedOrder:
    """An order that was made elsewhere: as it was placed, the number it bore, and its way since."""

    number: str
    placed: PlaceOrder
    steps: tuple[LoadedStep, ...] = ()
