"""What goes into and comes out of payments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ecommerce.dimensions import MERCHANT
from ecommerce.money import Money

Outcome = Literal["succeeded", "declined", "unknown", "unreachable"]
Operation = Literal["authorize", "capture", "void", "refund"]
PaymentStatus = Literal[
    "PENDING",
    "DECLINED",
    "AUTHORIZED",
    "VOIDED",
    "PARTIALLY_CAPTURED",
    "CAPTURED",
    "PARTIALLY_REFUNDED",
    "REFUNDED",
]
AttemptStatus = Literal["started", "unknown", "declined", "succeeded"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPayment:
    """Start a payment of an order. ``method`` is the gateway's token of a card or the like, never its number."""

    payment_id: UUID
    order_id: UUID
    amount: Money
    method: str
    merchant: str = MERCHANT
    provider: str = "sandbox"
    customer_id: UUID | None = None
    guest_token_hash: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """A payment of an order, as far as we know of it. Amounts in minor units of ``currency``."""

    id: UUID
    order_id: UUID
    merchant: str
    provider: str
    status: PaymentStatus
    currency: str
    amount_minor: int
    authorized_minor: int
    captured_minor: int
    refunded_minor: int
    gateway_reference: str
    decline_code: str
    customer_id: UUID | None
    created_at: datetime
    voided: bool
    """Was the hold lifted, as far as nothing was taken of it?"""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def authorized(self) -> Money:
        return Money(self.authorized_minor, self.currency)

    @property
    def captured(self) -> Money:
        return Money(self.captured_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """Something that was asked of the gateway; its id is the idempotency key there."""

    id: UUID
    payment_id: UUID
    operation: Operation
    status: AttemptStatus
    amount: Money
    gateway_reference: str
    decline_code: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayAnswer:
    """What the gateway said, or that it said nothing.

    ``unknown``: it may have acted, the answer was lost; ask again and it is asked by attempt id.
    ``unreachable``: it has certainly not acted. Neither is a refusal.
    """

    outcome: Outcome
    attempt_id: UUID
    amount_minor: int = 0
    reference: str = ""
    decline_code: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        return self.outcome in {"succeeded", "declined"}


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerAudit:
    """Where the books disagree. All empty means they are right."""

    entries_checked: int
    unbalanced: tuple[str, ...]
    """Entries whose debits are not their credits."""
    payments_off: Mapping[str, tuple[int, int]]
    """Payment: what it says was kept (captured - refunded), and what the ledger says."""

    @property
    def clean(self) -> bool:
        return not (self.unbalanced or self.payments_off)
