"""Reads that others may ask for."""

from uuid import UUID

from apps.payments.errors import NoCapture, NoPayment, NoRefund
from apps.payments.models import Payment as PaymentRow
from apps.payments.queries import reading
from apps.payments.types import Attempt, Payment
from ecommerce.identity import Viewer


def get_payment(*, payment_id: UUID, viewer: Viewer) -> Payment:
    """A payment, for who made it and for the back office. Raises NoPayment to all others."""
    row = payment_row(payment_id)
    if not (viewer.is_staff or _is_theirs(row, viewer)):
        raise NoPayment(f"no payment {payment_id}")
    return reading.view(row)


def get_refund(*, refund_id: UUID) -> Attempt:
    """A refund. Raises NoRefund."""
    found = reading.attempt(id=refund_id, operation="refund")
    if found is None:
        raise NoRefund(f"no refund {refund_id}")
    return found


def get_capture(*, capture_id: UUID) -> Attempt:
    """A capture. Raises NoCapture."""
    found = reading.attempt(id=capture_id, operation="capture")
    if found is None:
        raise NoCapture(f"no capture {capture_id}")
    return found


def payment_row(payment_id: UUID) -> PaymentRow:
    """A payment's row, for the services of this room. Raises NoPayment."""
    row = reading.payment(id=payment_id)
    if row is None:
        raise NoPayment(f"no payment {payment_id}")
    return row


def _is_theirs(row: PaymentRow, viewer: Viewer) -> bool:
    return viewer.owns(user_id=row.customer_id, guest_token_hash=row.guest_token_hash or None)
