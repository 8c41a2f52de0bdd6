"""The whole of a money command: decide, ask, write down."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.payments.domain.attempts import capture_id as whole_capture_id
from apps.payments.domain.attempts import reversal_id
from apps.payments.errors import AmountMissing, NoPayment, NotRefundable, PaymentChanged
from apps.payments.events import RefundInitiated
from apps.payments.models import Payment as PaymentRow
from apps.payments.queries import asking, reading
from apps.payments.services._ask import ask_authorization, ask_capture, ask_refund, ask_void
from apps.payments.services._note_down import note_down
from apps.payments.services._open import open_payment
from apps.payments.services._read import get_capture, get_refund, payment_row
from apps.payments.services._record import (
    record_authorization,
    record_capture,
    record_refund,
    record_void,
)
from apps.payments.types import Attempt, OpenPayment, Payment
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.money import Money


def authorize(command: OpenPayment, *, now: datetime, viewer: Viewer = SYSTEM) -> Payment:
    """Open a payment and have it authorized. PENDING comes back if the gateway's answer is not known yet."""
    open_payment(command, viewer=viewer)
    answer = ask_authorization(payment_id=command.payment_id)
    return record_authorization(payment_id=command.payment_id, answer=answer, now=now)


def capture(
    *,
    payment_id: UUID,
    now: datetime,
    amount: Money | None = None,
    capture_id: UUID | None = None,
    viewer: Viewer = SYSTEM,
) -> Payment:
    """Take all that is authorized, or an amount of it, once per capture id. Raises NotCapturable.

    Without an id the capture is the payment's one and only: repeating it takes nothing more.
    """
    answer = ask_capture(
        payment_id=payment_id,
        amount_minor=_minor(payment_id, amount),
        capture_id=capture_id,
        viewer=viewer,
    )
    return record_capture(payment_id=payment_id, answer=answer, now=now)


def capture_rest(*, payment_id: UUID, amount: Money, viewer: Viewer, now: datetime) -> Payment:
    """Take what is held still, where it is this amount: nothing is taken twice. Raises NotCapturable."""
    whole = amount.amount == payment_row(payment_id).authorized
    return capture(
        payment_id=payment_id,
        amount=None if whole else amount,
        capture_id=None if whole else new_id(),
        viewer=viewer,
        now=now,
    )


def create_capture(
    *,
    payment_id: UUID,
    capture_id: UUID | None,
    amount: Money | None,
    now: datetime,
    viewer: Viewer = SYSTEM,
) -> Attempt:
    """As capture, with the capture itself as the result."""
    capture_id = capture_id or whole_capture_id(payment_id)
    capture(payment_id=payment_id, capture_id=capture_id, amount=amount, now=now, viewer=viewer)
    return get_capture(capture_id=capture_id)


def void(*, payment_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Payment:
    """Lift the hold, or what is left of it. Repeating it changes nothing. Raises NotVoidable once all was taken."""
    answer = ask_void(payment_id=payment_id, viewer=viewer)
    return record_void(payment_id=payment_id, answer=answer, now=now)


def refund(
    *,
    payment_id: UUID,
    refund_id: UUID,
    amount: Money | None,
    reason: str,
    now: datetime,
    viewer: Viewer = SYSTEM,
) -> Attempt:
    """Give money back, all that is left where no amount is said. Raises NotRefundable."""
    request_refund(
        payment_id=payment_id,
        refund_id=refund_id,
        amount_minor=_minor(payment_id, amount),
        reason=reason,
        viewer=viewer,
    )
    answer = ask_refund(refund_id=refund_id)
    record_refund(refund_id=refund_id, answer=answer, now=now)
    return get_refund(refund_id=refund_id)


def refund_rest(
    *, payment_id: UUID, reason: str, now: datetime, viewer: Viewer = SYSTEM
) -> Attempt:
    """Give back all that is left. Raises NotRefundable.

    Asked again while the gateway's answer is out, it is the same refund; once that is settled, declined
    or not, it is another.
    """
    settled = reading.refunds().filter(payment_id=payment_id, status__in=("declined", "succeeded"))
    return refund(
        payment_id=payment_id,
        refund_id=reversal_id(payment_id, settled.count()),
        amount=None,
        reason=reason[:200],
        now=now,
        viewer=viewer,
    )


@transaction.atomic(savepoint=False)
def request_refund(
    *,
    payment_id: UUID,
    refund_id: UUID,
    amount_minor: int | None,
    reason: str,
    viewer: Viewer = SYSTEM,
) -> Attempt:
    """Decide on a refund: its amount is set apart, so that no other can give it back too.

    Nothing is asked of the gateway yet. Repeating it returns the first. Raises NotRefundable.
    """
    row = PaymentRow.objects.select_for_update().filter(id=payment_id).first()
    if row is None:
        raise NoPayment(f"no payment {payment_id}")
    first = reading.attempt(id=refund_id)
    if first is not None:
        return _same_refund(first, payment_id, amount_minor)
    left = row.captured - row.refunded - row.refund_pending
    amount = left if amount_minor is None else amount_minor
    if amount < 1 and amount_minor is not None:
        raise AmountMissing("a refund gives something back")
    asked = amount > 0 and asking.start(
        "refund",
        payment_id=payment_id,
        attempt_id=refund_id,
        amount=amount,
        reason=reason,
        asking=False,
    )
    if not asked:
        raise NotRefundable(f"{left} is left to refund", refundable_minor=left)
    note_down(
        "refund",
        payment_id=payment_id,
        attempt_id=refund_id,
        amount=Money(amount, row.currency),
        viewer=viewer,
    )
    publish(
        RefundInitiated(
            refund_id=refund_id,
            payment_id=payment_id,
            order_id=row.order_id,
            amount_minor=amount,
            currency=row.currency,
            reason=reason,
        )
    )
    return get_refund(refund_id=refund_id)


def _same_refund(first: Attempt, payment_id: UUID, amount_minor: int | None) -> Attempt:
    same = first.payment_id == payment_id and first.operation == "refund"
    if not same or amount_minor not in {None, first.amount.amount}:
        raise PaymentChanged(f"refund {first.id} is of another payment or amount")
    return first


def _minor(payment_id: UUID, amount: Money | None) -> int | None:
    if amount is None:
        return None
    if payment_row(payment_id).currency != amount.currency:
        raise AmountMissing(f"the payment is not in {amount.currency}")
    return amount.amount
