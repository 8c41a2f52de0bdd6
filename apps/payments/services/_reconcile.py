"""Attempts whose answer was lost: the gateway is asked what became of them."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import Error, transaction
from django.db.models import F

from apps.payments.domain.retrying import is_stuck
from apps.payments.errors import NoAttempt
from apps.payments.gateways.registry import gateway_of
from apps.payments.models import Attempt as AttemptRow
from apps.payments.queries import owing
from apps.payments.services._ask import ask_refund, ask_void
from apps.payments.services._record import record_refund, record_void, settle
from apps.payments.types import GatewayAnswer
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden, ShopError, kept_reason
from ecommerce.identity import OPERATOR, Viewer

log = logging.getLogger(__name__)


def resolve_attempts(*, now: datetime, older_than_seconds: int = 30, limit: int = 100) -> int:
    """Settle attempts that are without an answer for so long; says how many.

    Refunds and voids that the gateway has never heard of are asked for again under the same id, with
    growing pauses and for as long as it takes; authorizations and captures are not: whoever wanted them
    decides whether they still do.
    """
    due = owing.due(now=now, older_than_seconds=older_than_seconds)[:limit]
    return sum(_resolved(row, now) for row in due)


def retry_attempt(*, attempt_id: UUID, viewer: Viewer, now: datetime) -> bool:
    """Ask the gateway now what it was asked before; is the attempt settled? For operators.

    Raises Forbidden, NoAttempt.
    """
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    row = AttemptRow.objects.select_related("payment").filter(id=attempt_id).first()
    if row is None:
        raise NoAttempt(f"no attempt {attempt_id}")
    if row.status in {"declined", "succeeded"}:
        return True
    record_audit(
        action="payments.attempt.retried",
        entity_type="payment",
        entity_id=row.payment_id,
        actor=viewer,
        changes={"attempt_id": str(row.id), "operation": row.operation, "tries": row.tries},
    )
    return _resolved(row, now)


def settle_unanswered(*, payment_id: UUID, now: datetime) -> None:
    """Learn what became of everything that was asked for a payment."""
    for row in owing.unanswered().filter(payment_id=payment_id, tries__gt=0):
        _learn(row, now)


def _resolved(row: AttemptRow, now: datetime) -> bool:
    """One attempt that cannot be settled keeps no other from it."""
    why = ""
    try:
        if _resolve(row, now):
            return True
    except (ShopError, Error) as error:
        why = kept_reason(error)
    except Exception as error:
        log.exception("attempt %s broke", row.id)
        why = kept_reason(error)
    _tell(row, why)
    return False


def _tell(row: AttemptRow, why: str) -> None:
    """That an answer is still out is no news, but where money has been owed for long."""
    tries = row.tries + 1
    stuck = row.operation in owing.GIVING_BACK and is_stuck(tries)
    if stuck or why:
        log.log(
            logging.ERROR if stuck else logging.WARNING,
            "%s %s of payment %s is not settled after %s tries: %s",
            row.operation,
            row.id,
            row.payment_id,
            tries,
            why or "the gateway's answer is not known yet",
        )


def _resolve(row: AttemptRow, now: datetime) -> bool:
    if row.operation == "refund":
        answer = ask_refund(refund_id=row.id)
        record_refund(refund_id=row.id, answer=answer, now=now)
        return answer.is_final
    if row.operation == "void":
        answer = ask_void(payment_id=row.payment_id)
        record_void(payment_id=row.payment_id, answer=answer, now=now)
        return answer.is_final
    AttemptRow.objects.filter(id=row.id).update(tries=F("tries") + 1, asked_at=now)
    return _learn(row, now)


def _learn(row: AttemptRow, now: datetime) -> bool:
    answer: GatewayAnswer | None = gateway_of(row.payment.provider).find(row.id)
    if answer is None or not answer.is_final:
        return False
    with transaction.atomic():
        settle(row.payment_id, row.operation, answer, now)  # type: ignore[arg-type]  # the column has the same choices
    return True
