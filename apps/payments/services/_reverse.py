"""Money of orders that will not be: it goes back exactly once, whatever fails on the way."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, transaction

from apps.payments.domain.retrying import is_stuck, reversal_wait_seconds
from apps.payments.errors import NoReversal, NotRefundable, NotVoidable, RefundDeclined
from apps.payments.models import Reversal
from apps.payments.queries import owing, reading, reversing
from apps.payments.services._command import refund_rest, void
from apps.payments.services._read import payment_row
from apps.payments.services._reconcile import settle_unanswered
from apps.payments.types import Payment
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden, ShopError, kept_reason
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.operations.metrics import measured

log = logging.getLogger(__name__)

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
    """Void or refund what is put down and due; says how many were seen through.

    What fails is tried again with growing pauses and never given up. After a while it is ``stuck``, which
    calls a person; what the bank refuses is from then on asked for once a day.
    """
    return sum(_deliver(row, now) for row in _claim(now, limit))


def retry_reversal(*, reversal_id: UUID, viewer: Viewer, now: datetime) -> bool:
    """Give the money back now, and not when it is due; is it through? For operators: else Forbidden."""
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    row = Reversal.objects.filter(id=reversal_id).first()
    if row is None:
        raise NoReversal(f"no reversal {reversal_id}")
    if row.state == "done":
        return True
    record_audit(
        action="payments.reversal.retried",
        entity_type="payment",
        entity_id=row.payment_id,
        actor=viewer,
        changes={"state": row.state, "tries": row.tries},
    )
    return _deliver(row, now)


@measured(
    "payment_money_owed",
    "Reversals, refunds and voids that are not through; the stuck ones wait for a person too.",
    labels=("kind", "state"),
)
def money_owed() -> dict[tuple[str, ...], float]:
    """How many of each kind, by state."""
    return owing.owed()


def _claim(now: datetime, limit: int) -> list[Reversal]:
    """Rows for us alone for a while: whoever comes meanwhile passes them over."""
    with transaction.atomic():
        rows = list(owing.reversals_due(now).select_for_update(skip_locked=True)[:limit])
        Reversal.objects.filter(id__in=[row.id for row in rows]).update(
            next_try_at=now + timedelta(minutes=5)
        )
    return rows


def _deliver(row: Reversal, now: datetime) -> bool:
    why, refused = "the gateway's answer is not known yet", False
    try:
        done = _give_back(row.payment_id, row.cause, now)
    except (ShopError, Error) as error:
        done, why, refused = False, kept_reason(error), isinstance(error, RefundDeclined)
    except Exception as error:
        log.exception("reversal of payment %s broke", row.payment_id)
        done, why = False, kept_reason(error)
    tries = row.tries + 1
    if done:
        Reversal.objects.filter(id=row.id).update(state="done", done_at=now, tries=tries)
        return True
    log.log(
        logging.ERROR if is_stuck(tries) else logging.WARNING,
        "reversal of payment %s is not through after %s tries: %s",
        row.payment_id,
        tries,
        why,
    )
    Reversal.objects.filter(id=row.id).update(
        tries=tries,
        last_error=why[:2000],
        state="stuck" if is_stuck(tries) else "pending",
        next_try_at=now + timedelta(seconds=reversal_wait_seconds(tries, refused=refused)),
    )
    return False


def _give_back(payment_id: UUID, cause: str, now: datetime) -> bool:
    """Void what was not taken, refund what was. True once nothing of theirs is with us."""
    settle_unanswered(payment_id=payment_id, now=now)
    payment = _now(payment_id)
    if payment.status in {"PENDING", "AUTHORIZED", "PARTIALLY_CAPTURED"}:
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
    try:
        asked = refund_rest(payment_id=payment_id, reason=cause, now=now)
    except NotRefundable:
        log.info("what is left of payment %s is being refunded already", payment_id)
    else:
        if asked.status == "declined":
            raise RefundDeclined(
                f"the bank said {asked.decline_code}", decline_code=asked.decline_code
            )
    return _now(payment_id)


def _now(payment_id: UUID) -> Payment:
    return reading.view(payment_row(payment_id))
