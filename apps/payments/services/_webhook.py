"""The inbox: take what a provider sends, once, and apply it in any order."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import Error, transaction

from apps.payments.domain.attempts import foreign_id
from apps.payments.domain.retrying import wait_seconds
from apps.payments.errors import NoPayment, NoWebhook, UnreadableWebhook
from apps.payments.gateways.protocol import ProviderEvent, ProviderOperation
from apps.payments.gateways.registry import gateway_of
from apps.payments.models import Payment as PaymentRow
from apps.payments.models import WebhookEvent
from apps.payments.queries import inbox
from apps.payments.services._record import settle
from apps.payments.types import GatewayAnswer
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden, kept_reason
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.operations.metrics import WEBHOOK_RETRIES

log = logging.getLogger(__name__)

TRIES = 12
_ORDER = ("authorize", "capture", "void", "refund")


def receive_webhook(
    *, provider: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> bool:
    """Keep a provider's event and apply it; False if it was kept before.

    Raises BadSignature unless the provider signed these very bytes within five minutes, and then
    nothing has changed; UnreadableWebhook; UnknownProvider. An event that cannot be applied yet
    stays in the inbox and is tried again by apply_webhooks.
    """
    gateway = gateway_of(provider)
    gateway.check_signature(body, headers, now)
    payload = inbox.decoded(body)
    if payload is None:
        raise UnreadableWebhook("the body is no JSON object")
    event = gateway.read_event(payload)
    with transaction.atomic():
        row_id = inbox.keep(
            row_id=new_id(), provider=provider, event_id=event.id, kind=event.type, payload=payload
        )
    if row_id is not None:
        _apply_row(WebhookEvent.objects.get(id=row_id), now)
    return row_id is not None


def apply_webhooks(*, now: datetime, limit: int = 100) -> int:
    """Try again what the inbox still holds and is due; says how many were applied."""
    due = WebhookEvent.objects.filter(state="received", next_try_at__lte=now)
    return sum(_apply_row(row, now) for row in due.order_by("next_try_at")[:limit])


def retry_webhook(*, webhook_id: UUID, viewer: Viewer, now: datetime) -> bool:
    """Apply now what could not be applied, even if it was given up; has it been? For operators: else Forbidden."""
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    row = WebhookEvent.objects.filter(id=webhook_id).first()
    if row is None:
        raise NoWebhook(f"no webhook {webhook_id}")
    if row.state == "applied":
        return True
    with transaction.atomic():
        WebhookEvent.objects.filter(id=webhook_id, state="failed").update(
            state="received", next_try_at=now
        )
        record_audit(
            action="payments.webhook.retried",
            entity_type="webhook",
            entity_id=row.id,
            actor=viewer,
            changes={"state": row.state, "tries": row.tries},
        )
    return _apply_row(row, now)


def _apply_row(row: WebhookEvent, now: datetime) -> bool:
    try:
        with transaction.atomic():
            locked = WebhookEvent.objects.select_for_update(skip_locked=True)
            if not locked.filter(id=row.id, state="received").exists():
                return False
            if row.tries:
                WEBHOOK_RETRIES.inc()
            event = gateway_of(row.provider).read_event(row.payload)
            apply_event(event, row.provider, now)
            WebhookEvent.objects.filter(id=row.id).update(state="applied", applied_at=now)
    except (NoPayment, Error) as error:
        _postpone(row, error, now)
        return False
    except Exception as error:
        log.exception("webhook %s broke", row.provider_event_id)
        _postpone(row, error, now)
        return False
    return True


def _postpone(row: WebhookEvent, error: Exception, now: datetime) -> None:
    tries = row.tries + 1
    why = kept_reason(error)
    given_up = tries >= TRIES
    log.log(
        logging.ERROR if given_up else logging.WARNING,
        "webhook %s cannot be applied: %s",
        row.provider_event_id,
        why,
    )
    WebhookEvent.objects.filter(id=row.id).update(
        tries=tries,
        last_error=why[:2000],
        state="failed" if given_up else "received",
        next_try_at=now + timedelta(seconds=wait_seconds(tries)),
    )


def apply_event(event: ProviderEvent, provider: str, now: datetime) -> None:
    """Let what happened at the provider have its effect here, as far as it had none yet.

    The event carries the payment's whole history, and each operation counts once; so duplicates,
    any order and any delay lead to the same state. Raises NoPayment.
    """
    known = PaymentRow.objects.select_for_update().filter(id=event.payment_id, provider=provider)
    if not known.exists():
        raise NoPayment(f"no payment {event.payment_id}")
    for operation in sorted(event.operations, key=lambda found: _ORDER.index(found.operation)):
        settle(event.payment_id, operation.operation, _answer(event, operation), now)


def _answer(event: ProviderEvent, operation: ProviderOperation) -> GatewayAnswer:
    return GatewayAnswer(
        outcome="succeeded" if operation.succeeded else "declined",
        attempt_id=operation.attempt_id or foreign_id(event.payment_id, operation.reference),
        amount_minor=operation.amount_minor,
        reference=operation.reference,
        decline_code=operation.decline_code,
    )
