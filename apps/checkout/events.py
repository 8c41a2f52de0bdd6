"""What a checkout announces: ids and amounts, keyed by the checkout."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutFacts:
    """What every event of a checkout carries, amounts in minor units."""

    checkout_id: UUID
    cart_id: UUID
    customer_id: UUID | None
    channel: str
    currency: str
    total_minor: int
    quote_id: UUID
    attempt: int


@event("ecommerce.checkout.checkout.started.v1", key="checkout_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutStarted(CheckoutFacts):
    """A cart was priced for good."""


@event("ecommerce.checkout.checkout.confirmed.v1", key="checkout_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutConfirmed(CheckoutFacts):
    """The payment is authorized and the order stands."""

    order_id: UUID
    payment_id: UUID


@event("ecommerce.checkout.checkout.completed.v1", key="checkout_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutCompleted(CheckoutFacts):
    """The money is taken."""

    order_id: UUID
    payment_id: UUID


@event("ecommerce.checkout.checkout.failed.v1", key="checkout_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutFailed(CheckoutFacts):
    """The purchase did not come about, and was undone."""

    order_id: UUID
    payment_id: UUID
    reason: str
    decline_code: str
