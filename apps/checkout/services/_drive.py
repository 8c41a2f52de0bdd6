"""Carrying a purchase on from wherever it stands: ask the gateway, write down the answer, and again.

No transaction is open while the gateway is asked. Whoever drives holds the saga's lease; what a dead
driver leaves behind is found by the next one on the record, at the gateway, or nowhere because it
never happened.
"""

import time
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from apps.checkout.domain.saga import (
    MAX_TRIES,
    PATIENCE_SECONDS,
    VOID_TRIES,
    SagaState,
    Step,
    has_waited_enough,
    wait_seconds,
)
from apps.checkout.queries import SagaRecord
from apps.checkout.services import _steps as steps
from apps.inventory.errors import ReservationClosed, ReservationExpired
from apps.orders.errors import TransitionRefused
from apps.payments import services as payments
from apps.payments.errors import NotCapturable, NotRefundable, NotVoidable
from apps.payments.services import Intent
from apps.payments.types import GatewayAnswer
from ecommerce.errors import kept_reason
from ecommerce.identity import SYSTEM
from ecommerce.steps import reach

_GONE: dict[type[Exception], str] = {
    TransitionRefused: "order-canceled",
    ReservationExpired: "stock-gone",
    ReservationClosed: "stock-gone",
}
_CANNOT_STAND = tuple(_GONE)
Stand = tuple[SagaRecord, Intent | None]
"""Where a purchase stands, and what is on record to be asked of the gateway next."""


def drive(
    saga: SagaRecord, intent: Intent | None = None, *, now: datetime, hurried: bool = False
) -> SagaRecord:
    """Go on as far as possible: to the end, to where the gateway is silent, or to the buyer's patience.

    ``intent`` is what the step before put on record to be asked now; without one, what was asked before
    is asked about first. Returns the saga as it is then. A saga that is neither over nor postponed comes back only when
    ``hurried`` (a buyer waits): it is free for a worker to go on at once.
    """
    started = time.monotonic()
    while saga.state in {SagaState.RUNNING, SagaState.COMPENSATING} and saga.lease_owner:
        if hurried and saga.step == Step.CONFIRM and time.monotonic() - started > PATIENCE_SECONDS:
            return steps.postpone(saga, "capture", "the buyer does not wait for it", wait=0)
        saga, intent = _next(saga, intent, now)
    return saga


def note_failure(saga: SagaRecord, error: Exception) -> SagaRecord:
    """A step broke for a reason that is no refusal: try again later, and in the end call a person."""
    stuck = saga.tries + 1 >= MAX_TRIES
    return steps.postpone(
        saga, saga.step.value, kept_reason(error), wait=wait_seconds(saga.tries + 1), stuck=stuck
    )


def _next(saga: SagaRecord, intent: Intent | None, now: datetime) -> Stand:
    if saga.state == SagaState.COMPENSATING:
        return _compensate(saga, now), None
    if saga.step == Step.PLACE:
        return _authorize(saga, intent, now)
    return _capture(saga, intent, now), None


def _authorize(saga: SagaRecord, intent: Intent | None, now: datetime) -> Stand:
    answer = None
    if saga.checkout.total_minor:
        answer = (
            payments.ask(intent)
            if intent
            else payments.ask_authorization(payment_id=saga.payment_id)
        )
        reach("checkout.after_authorize")
        if answer.outcome == "declined":
            return steps.undo(saga, _declined(answer), declined=answer, now=now), None
        if not answer.is_final:
            return _wait_for_authorization(saga, answer, now), None
    try:
        return steps.confirm(saga, answer, now=now)
    except _CANNOT_STAND as refusal:
        why = _GONE[type(refusal)]
        return steps.turn_back(saga, why, authorized=answer, captured=None, now=now), None


def _wait_for_authorization(saga: SagaRecord, answer: GatewayAnswer, now: datetime) -> SagaRecord:
    if has_waited_enough(saga.created_at, now):
        return steps.turn_back(saga, "no-answer", authorized=None, captured=None, now=now)
    return steps.postpone(saga, "authorize", answer.outcome, wait=wait_seconds(saga.tries + 1))


def _capture(saga: SagaRecord, intent: Intent | None, now: datetime) -> SagaRecord:
    answer = None
    if saga.checkout.total_minor:
        try:
            answer = (
                payments.ask(intent) if intent else payments.ask_capture(payment_id=saga.payment_id)
            )
        except NotCapturable:
            return steps.turn_back(saga, "not-capturable", authorized=None, captured=None, now=now)
        reach("checkout.after_capture")
        if answer.outcome == "declined":
            return steps.turn_back(
                saga, "capture-declined", authorized=None, captured=answer, now=now
            )
        if not answer.is_final:
            return steps.postpone(
                saga, "capture", answer.outcome, wait=wait_seconds(saga.tries + 1)
            )
    try:
        return steps.complete(saga, answer, now=now)
    except TransitionRefused:
        return steps.turn_back(saga, "order-canceled", authorized=None, captured=answer, now=now)


def _compensate(saga: SagaRecord, now: datetime) -> SagaRecord:
    if saga.checkout.total_minor and not _give_back(saga, now) and saga.tries < VOID_TRIES:
        return steps.postpone(saga, "give back", "unknown", wait=wait_seconds(saga.tries + 1))
    reach("checkout.after_give_back")
    return steps.undo(saga, saga.failure, declined=None, now=now)


def _give_back(saga: SagaRecord, now: datetime) -> bool:
    """Lift the hold or refund what was taken; is the money known to be back (or on its way)?"""
    payment = payments.get_payment(payment_id=saga.payment_id, viewer=SYSTEM)
    if payment.captured_minor > payment.refunded_minor:
        return _refund(saga.payment_id, now)
    if payment.status in {"DECLINED", "VOIDED", "REFUNDED"}:
        return True
    try:
        answer = payments.ask_void(payment_id=saga.payment_id)
    except NotVoidable:
        return False
    payments.record_void(payment_id=saga.payment_id, answer=answer, now=now)
    return answer.outcome == "succeeded"


def _refund(payment_id: UUID, now: datetime) -> bool:
    try:
        refund = payments.refund(
            payment_id=payment_id,
            refund_id=uuid5(payment_id, "reversal"),
            amount=None,
            reason="the purchase was undone",
            now=now,
        )
    except NotRefundable:
        return True  # someone else is giving it back at this moment
    return refund.status == "succeeded"


def _declined(answer: GatewayAnswer) -> dict[str, Any]:
    return {"code": "declined", "decline_code": answer.decline_code}
