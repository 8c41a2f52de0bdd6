"""Rows of checkouts and sagas as they are read."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from apps.checkout.domain.saga import SagaState, Step
from apps.orders.types import Address


class LineRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the frozen quote, as it is stored."""

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


class ReasonRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Why a rule did, or did not, change the price."""

    rule: str
    outcome: str
    why: str


class CheckoutRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of checkouts."""

    id: UUID
    status: str
    version: int
    attempt: int
    cart_id: UUID
    cart_version: int
    customer_id: UUID | None
    guest_token_hash: str | None
    merchant: str
    channel: str
    locale: str
    currency: str
    email: str
    shipping_address: Address
    billing_address: Address
    shipping_method: str
    shipping_name: str
    payment_method: str
    quote_id: UUID
    lines: tuple[LineRecord, ...]
    reasons: tuple[ReasonRecord, ...]
    coupon_codes: tuple[str, ...]
    prices_include_tax: bool
    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    order_id: UUID
    payment_id: UUID
    order_number: str
    failure_code: str
    decline_code: str
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None


class SagaRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of sagas."""

    id: UUID
    name: str
    attempt: int
    order_id: UUID
    payment_id: UUID
    state: SagaState
    step: Step
    tries: int
    last_error: str
    failure: dict[str, Any]
    log: tuple[dict[str, Any], ...]
    lease_owner: UUID | None
    lease_until: datetime | None
    next_attempt_at: datetime
    created_at: datetime
    updated_at: datetime


class SagaRecord(SagaRow, frozen=True, kw_only=True):
    """A row of sagas, with its checkout."""

    checkout: CheckoutRecord
