"""The facts that payments announces, keyed by payment."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.payments.authorization.requested.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationRequested:
    """A payment was opened: the gateway is about to be asked."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    amount_minor: int
    currency: str


@event("ecommerce.payments.authorization.succeeded.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationSucceeded:
    """The amount is held on the customer's account."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    amount_minor: int
    currency: str
    provider_txn_id: str


@event("ecommerce.payments.authorization.failed.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationFailed:
    """The bank declined."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    decline_code: str


@event("ecommerce.payments.payment.captured.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentCaptured:
    """Money was taken: ``amount_minor`` by this capture, ``captured_minor`` so far."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    capture_id: UUID
    amount_minor: int
    captured_minor: int
    currency: str


@event("ecommerce.payments.payment.failed.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentFailed:
    """A capture was declined."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    decline_code: str


@event("ecommerce.payments.payment.refunded.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRefunded:
    """Money went back: ``amount_minor`` by this refund, ``refunded_minor`` so far."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str
    refund_id: UUID
    amount_minor: int
    refunded_minor: int
    currency: str


@event("ecommerce.payments.payment.voided.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentVoided:
    """The hold on the customer's account was lifted, as far as nothing was taken of it."""

    payment_id: UUID
    order_id: UUID
    merchant_id: str


@event("ecommerce.payments.refund.initiated.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class RefundInitiated:
    """A refund was decided; the gateway is about to be asked."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str
    reason: str


@event("ecommerce.payments.refund.completed.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class RefundCompleted:
    """The gateway has given the money back."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str


@event("ecommerce.payments.refund.failed.v1", key="payment_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class RefundFailed:
    """The gateway would not give the money back."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    decline_code: str
