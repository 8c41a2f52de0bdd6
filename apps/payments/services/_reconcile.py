"""Attempts whose answer was lost: the gateway is asked what became of them."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from apps.payments.gateways.registry import gateway_of
from apps.payments.models import Attempt as AttemptRow
from apps.payments.services._ask import ask_refund, ask_void
from apps.payments.services._record import record_refund, record_void, settle
from apps.payments.types import GatewayAnswer
from ecommerce.errors import ShopError

log = logging.getLogger(__name__)

GIVE_UP = timedelta(days=3)


def resolve_attempts(*, now: datetime, older_than_seconds: int = 30, limit: int = 100) -> int:
    """Settle attempts that are without an answer for so long; says how many.

    Refunds and voids that the gateway has never heard of are asked for again under the same id;
    authorizations and captures are not: whoever wanted them decides whether they still do.
    """
    rows = _unanswered().annotate(since=Coalesce("asked_at", "created_at"))
    due = rows.filter(
        since__lt=now - timedelta(seconds=older_than_seconds), since__gt=now - GIVE_UP
    )
    return sum(_resolved(row, now) for row in due.order_by("since")[:limit])


def settle_unanswered(*, payment_id: UUID, now: datetime) -> None:
    """Learn what became of everything that was asked for a payment."""
    for row in _unanswered().filter(payment_id=payment_id, tries__gt=0):
        _learn(row, now)


def _unanswered() -> QuerySet[AttemptRow]:
    asked = Q(tries__gt=0) | Q(operation="refund")
    return AttemptRow.objects.select_related("payment").filter(
        asked, status__in=("started", "unknown")
    )


def _resolved(row: AttemptRow, now: datetime) -> bool:
    """One attempt that cannot be settled keeps no other from it."""
    try:
        return _resolve(row, now)
    except (ShopError, Error) as error:
        log.warning("attempt %s cannot be settled: %r", row.id, error)
        return False


def _resolve(row: AttemptRow, now: datetime) -> bool:
    if row.operation == "refund":
        answer = ask_refund(refund_id=row.id)
        record_refund(refund_id=row.id, answer=answer, now=now)
        return answer.is_final
    if row.operation == "void":
        answer = ask_void(payment_id=row.payment_id)
        record_void(payment_id=row.payment_id, answer=answer, now=now)
        return answer.is_final
    return _learn(row, now)


def _learn(row: AttemptRow, now: datetime) -> bool:
    answer: GatewayAnswer | None = gateway_of(row.payment.provider).find(row.id)
    if answer is None or not answer.is_final:
        return False
    with transaction.atomic():
        settle(row.payment_id, row.operation, answer, now)  # type: ignore[arg-type]  # the column has the same choices
    return True
