"""Take in what the gateway said: the payment, the ledger and the news, in the caller's transaction."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.payments.domain.books import booking_of
from apps.payments.errors import NoRefund
from apps.payments.events import (
    AuthorizationFailed,
    AuthorizationSucceeded,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
    RefundCompleted,
    RefundFailed,
)
from apps.payments.queries import reading, settling
from apps.payments.queries.settling import Settled
from apps.payments.services._read import payment_row
from apps.payments.types import GatewayAnswer, Operation, Payment
from ecommerce.events import publish_many
from ecommerce.transactions import joining


def record_authorization(*, payment_id: UUID, answer: GatewayAnswer, now: datetime) -> Payment:
    """Write down the answer to ask_authorization. Repeating it, or what a webhook has told, changes nothing.

    An answer that is not final leaves the payment PENDING.
    """
    return _record(payment_id, "authorize", answer, now)


def record_capture(*, payment_id: UUID, answer: GatewayAnswer, now: datetime) -> Payment:
    """Write down the answer to ask_capture, in the ledger too."""
    return _record(payment_id, "capture", answer, now)


def record_void(*, payment_id: UUID, answer: GatewayAnswer, now: datetime) -> Payment:
    """Write down the answer to ask_void."""
    return _record(payment_id, "void", answer, now)


def record_refund(*, refund_id: UUID, answer: GatewayAnswer, now: datetime) -> Payment:
    """Write down the answer to ask_refund, in the ledger too. Raises NoRefund."""
    refund = reading.attempt(id=refund_id, operation="refund")
    if refund is None:
        raise NoRefund(f"no refund {refund_id}")
    return _record(refund.payment_id, "refund", answer, now)


@joining
def _record(
    payment_id: UUID, operation: Operation, answer: GatewayAnswer, now: datetime
) -> Payment:
    settled = settle(payment_id, operation, answer, now) if answer.is_final else None
    return settled or reading.view(payment_row(payment_id))


def settle(
    payment_id: UUID, operation: Operation, answer: GatewayAnswer, now: datetime
) -> Payment | None:
    """Let an attempt have its effect once: payment, ledger, events. None if it had it before."""
    won = answer.outcome == "succeeded"
    settled = settling.settle(
        payment_id=payment_id,
        attempt_id=answer.attempt_id,
        operation=operation,
        status="succeeded" if won else "declined",
        amount=answer.amount_minor,
        reference=answer.reference,
        decline_code=answer.decline_code,
        now=now,
        booking=booking_of(operation) if won else None,
    )
    if settled is None:
        return None
    publish_many(list(_facts(payment_id, operation, answer, settled)))
    return settled.payment


def _facts(
    payment_id: UUID, operation: Operation, answer: GatewayAnswer, settled: Settled
) -> Iterator[object]:
    if answer.outcome == "succeeded":
        yield from _successes(payment_id, operation, answer, settled)
    elif operation == "authorize":
        yield AuthorizationFailed(
            payment_id=payment_id,
            order_id=settled.payment.order_id,
            merchant_id=settled.payment.merchant,
            decline_code=answer.decline_code,
        )
    elif operation == "refund":
        yield RefundFailed(
            refund_id=answer.attempt_id,
            payment_id=payment_id,
            order_id=settled.payment.order_id,
            decline_code=answer.decline_code,
        )
    else:
        yield PaymentFailed(
            payment_id=payment_id,
            order_id=settled.payment.order_id,
            merchant_id=settled.payment.merchant,
            decline_code=answer.decline_code,
        )


def _successes(
    payment_id: UUID, operation: Operation, answer: GatewayAnswer, settled: Settled
) -> Iterator[object]:
    whose: dict[str, Any] = {
        "payment_id": payment_id,
        "order_id": settled.payment.order_id,
        "merchant_id": settled.payment.merchant,
    }
    if operation == "authorize":
        yield AuthorizationSucceeded(
            **whose,
            amount_minor=settled.payment.authorized_minor,
            currency=settled.payment.currency,
            provider_txn_id=answer.reference,
        )
    elif operation == "capture":
        yield PaymentCaptured(
            **whose,
            capture_id=answer.attempt_id,
            amount_minor=settled.amount,
            captured_minor=settled.payment.captured_minor,
            currency=settled.payment.currency,
        )
    elif operation == "void":
        yield PaymentVoided(**whose)
    else:
        yield RefundCompleted(
            refund_id=answer.attempt_id,
            payment_id=payment_id,
            order_id=settled.payment.order_id,
            amount_minor=settled.amount,
            currency=settled.payment.currency,
        )
        yield PaymentRefunded(
            **whose,
            refund_id=answer.attempt_id,
            amount_minor=settled.amount,
            refunded_minor=settled.payment.refunded_minor,
            currency=settled.payment.currency,
        )
