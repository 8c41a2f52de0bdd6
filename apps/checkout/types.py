"""What goes into a checkout and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from apps.orders.types import Address
from ecommerce.identity import Viewer
from ecommerce.money import Money


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCheckout:
    """Price a cart for good. ``payment_method`` is the gateway's token, never a card number."""

    cart_id: UUID
    viewer: Viewer
    email: str
    shipping_address: Address
    billing_address: Address | None
    shipping_method: str
    payment_method: str
    coupon_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmCheckout:
    """Buy what was priced. Another ``payment_method`` may be given after a declined card."""

    checkout_id: UUID
    viewer: Viewer
    payment_method: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutLine:
    """A line of the frozen quote."""

    line_id: UUID
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
class Reason:
    """Why a rule did, or did not, change the price."""

    rule: str
    outcome: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """A purchase in progress. ``order_id`` and ``payment_id`` are told once they exist.

    What costs nothing has no payment, ever.
    """

    id: UUID
    status: str
    version: int
    attempt: int
    cart_id: UUID
    cart_version: int
    channel: str
    currency: str
    lines: tuple[CheckoutLine, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    total: Money
    prices_include_tax: bool
    coupon_codes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    shipping_method: str
    shipping_name: str
    email: str
    shipping_address: Address
    billing_address: Address
    quote_id: UUID
    order_id: UUID | None
    order_number: str | None
    payment_id: UUID | None
    failure_code: str
    decline_code: str
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """What became of a confirmation: the order is paid, or the bank has not answered yet."""

    outcome: Literal["completed", "pending"]
    checkout: Checkout


@dataclass(frozen=True, kw_only=True, slots=True)
class SagaEntry:
    """Something that a saga did, and what came of it."""

    step: str
    outcome: str
    detail: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Saga:
    """A purchase on its way, as operators see it."""

    id: UUID
    name: str
    state: str
    step: str
    checkout_id: UUID
    attempt: int
    order_id: UUID
    payment_id: UUID
    tries: int
    last_error: str
    failure: Mapping[str, Any]
    log: tuple[SagaEntry, ...]
    next_attempt_at: datetime
    lease_until: datetime | None
    created_at: datetime
    updated_at: datetime
