"""Money of orders that will not be: it goes back exactly once, whatever fails on the way."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, transaction

from apps.payments.domain.attempts import reversal_id
from apps.payments.domain.retrying import wait_seconds
from apps.payments.errors import NotRefundable, NotVoidable
from apps.payments.models import Reversal
from apps.payments.queries import reading, reversing
from apps.payments.services._command import refund, void
from apps.payments.services._read import payment_row
from apps.payments.services._reconcile import settle_unanswered
from apps.payments.types import Payment
from ecommerce.errors import ShopError

log = logging.getLogger(__name__)

TRIES = 40
GRACE_SECONDS = 3600


def note_orders(*, order_ids: Collection[UUID], seen_at: datetime) -> None:
    """Remember that these orders exist."""
    reversing.note_orders(order_ids, canceled=False, seen_at=seen_at)


@transaction.atomic
def reverse_orders(*, order_ids: Collection[UUID], cause: str, seen_at: datetime) -> int:
    """Put the payments of cancelled orders down to be given back; says how many are new to the list."""
    reversing.note_orders(order_ids, canceled=True, seen_at=seen_at)
    return reversing.add_for_orders(order_ids, cause)


def find_orphans(*, now: datetime, grace_seconds: int = GRACE_SECONDS) -> int:
    """Put down payments that hold money although their order was cancelled, or never came to be."""
    return reversing.add_orphans(now=now, grace_seconds=grace_seconds)


def deliver_reversals(*, now: datetime, limit: int = 50) -> int:
    """Void or refund what is put down and due; says how many were seen through."""
    return sum(_deliver(row, now) for row in _claim(now, limit))


def _claim(now: datetime, limit: int) -> list[Reversal]:
    """Rows for us alone for a while: whoever comes meanwhile passes them over."""
    with transaction.atomic():
        due = Reversal.objects.select_for_update(skip_locked=True).filter(
            state="pending", next_try_at__lte=now
        )
        rows = list(due.order_by("next_try_at")[:limit])
        Reversal.objects.filter(id__in=[row.id for row in rows]).update(
            next_try_at=now + timedelta(minutes=5)
        )
    return rows


def _deliver(row: Reversal, now: datetime) -> bool:
    why = "the gateway's answer is not known yet"
    try:
        done = _give_back(row.payment_id, row.cause, now)
    except (ShopError, Error) as error:
        done, why = False, repr(error)
    tries = row.tries + 1
    if done:
        Reversal.objects.filter(id=row.id).update(state="done", done_at=now, tries=tries)
        return True
    log.warning("reversal of payment %s is not through: %s", row.payment_id, why)
    Reversal.objects.filter(id=row.id).update(
        tries=tries,
        last_error=why[:2000],
        state="failed" if tries >= TRIES else "pending",
        next_try_at=now + timedelta(seconds=wait_seconds(tries)),
    )
    return False


def _give_back(payment_id: UUID, cause: str, now: datetime) -> bool:
    """Void while nothing was taken, else refund what is left. True once nothing of theirs is with us."""
    settle_unanswered(payment_id=payment_id, now=now)
    payment = _now(payment_id)
    if payment.captured_minor == 0 and payment.status not in {"VOIDED", "DECLINED"}:
        payment = _void(payment_id, now)
    if payment.captured_minor > payment.refunded_minor:
        payment = _refund(payment_id, cause, now)
    if payment.captured_minor:
        return payment.refunded_minor == payment.captured_minor
    return payment.status in {"VOIDED", "DECLINED"}


def _void(payment_id: UUID, now: datetime) -> Payment:
    try:
        return void(payment_id=payment_id, now=now)
    except NotVoidable:
        return _now(payment_id)


def _refund(payment_id: UUID, cause: str, now: datetime) -> Payment:
    refused = reading.refunds().filter(payment_id=payment_id, status="declined").count()
    try:
        refund(
            payment_id=payment_id,
            refund_id=reversal_id(payment_id, refused),
            amount=None,
            reason=cause[:200],
            now=now,
        )
    except NotRefundable:
        log.info("what is left of payment %s is being refunded already", payment_id)
    return _now(payment_id)


def _now(payment_id: UUID) -> Payment:
    return reading.view(payment_row(payment_id))
