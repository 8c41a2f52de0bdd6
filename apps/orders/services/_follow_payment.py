"""What was taken for an order and what went back: told by payments, never asked of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import queries
from apps.orders.services._cancel import cancel_if_refunded
from apps.orders.services._shape import update_of
from ecommerce.events import publish
from ecommerce.identity import SYSTEM


def note_captured(*, payment_id: UUID, captured_minor: int, now: datetime) -> bool:
    """So much was taken by now; False where the order knows, or no order has this payment."""
    return _follow(payment_id, now, captured_minor=captured_minor)


def note_refunded(*, payment_id: UUID, refunded_minor: int, now: datetime) -> bool:
    """So much went back by now: PARTIALLY_REFUNDED, or REFUNDED once it is all that was taken.

    All of it before the warehouse began means that nothing is to be sent: the order is canceled. Later,
    its own status stays, and what has not been shipped is held (``clear_to_ship``).
    False where the order knows, or no order has this payment.
    """
    return _follow(payment_id, now, refunded_minor=refunded_minor)


@transaction.atomic(savepoint=False)
def _follow(
    payment_id: UUID,
    now: datetime,
    *,
    captured_minor: int | None = None,
    refunded_minor: int | None = None,
) -> bool:
    record = queries.follow_payment(
        payment_id, paid_minor=captured_minor, refunded_minor=refunded_minor, now=now
    )
    if record is None:
        return False
    publish(update_of(record, now=now))
    cancel_if_refunded(record, viewer=SYSTEM, now=now)
    return True
