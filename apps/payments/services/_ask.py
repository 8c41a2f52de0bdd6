"""Ask the gateway. No transaction is open meanwhile, and what is asked is on record before."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.payments.domain.attempts import capture_id as whole_capture_id
from apps.payments.domain.attempts import void_id
from apps.payments.errors import AmountMissing, NoPayment, NoRefund, NotCapturable, NotVoidable
from apps.payments.gateways.protocol import GatewayRequest
from apps.payments.gateways.registry import gateway_of
from apps.payments.models import Attempt as AttemptRow
from apps.payments.queries import asking, reading
from apps.payments.queries.asking import Asked
from apps.payments.services._note_down import note_down
from apps.payments.types import GatewayAnswer, Operation
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.money import Money
from ecommerce.operations.metrics import PAYMENT_ATTEMPTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A question that is on record and was not asked yet. Its bearer asks it once: it is not kept."""

    operation: Operation
    payment_id: UUID
    attempt_id: UUID
    asked: Asked


def intend_capture(*, payment_id: UUID) -> Intent | None:
    """Put on record, in the caller's transaction, that all that is authorized is going to be taken.

    None where it cannot be: ``ask_capture`` says why.
    """
    attempt_id = whole_capture_id(payment_id)
    asked = asking.start("capture", payment_id=payment_id, attempt_id=attempt_id, amount=None)
    if asked is None:
        return None
    return Intent(operation="capture", payment_id=payment_id, attempt_id=attempt_id, asked=asked)


def ask(intent: Intent) -> GatewayAnswer:
    """Ask what was put on record; as ask_authorization. Raises RuntimeError within a transaction."""
    with transaction.atomic(durable=True):
        pass  # says whether there is a transaction, and sends nothing
    return _ask(intent.asked, intent.operation, intent.payment_id, intent.attempt_id)


def ask_authorization(*, payment_id: UUID) -> GatewayAnswer:
    """Have the amount of an opened payment held on the customer's account.

    It never raises for trouble with the network: the answer says ``unknown`` or ``unreachable``,
    and the next call asks what became of the attempt before anything else. Raises RuntimeError
    within a transaction, NoPayment.
    """
    asked = _start("authorize", payment_id, payment_id)
    if asked is None:
        raise NoPayment(f"no payment {payment_id}")
    if asked.voided:
        return GatewayAnswer(outcome="declined", attempt_id=payment_id, decline_code="voided")
    return _ask(asked, "authorize", payment_id, payment_id)


def ask_capture(
    *,
    payment_id: UUID,
    amount_minor: int | None = None,
    capture_id: UUID | None = None,
    viewer: Viewer = SYSTEM,
) -> GatewayAnswer:
    """Take money that is authorized: all of it, or an amount under an id of the caller's.

    As ask_authorization otherwise. Raises NotCapturable.
    """
    attempt_id = capture_id or whole_capture_id(payment_id)
    if amount_minor is not None and amount_minor < 1:
        raise AmountMissing("a capture takes something")
    asked = _start("capture", payment_id, attempt_id, amount_minor, viewer)
    if asked is None:
        raise NotCapturable(f"{amount_minor or 'all'} is more than can be captured")
    return _ask(asked, "capture", payment_id, attempt_id)


def ask_void(*, payment_id: UUID, viewer: Viewer = SYSTEM) -> GatewayAnswer:
    """Lift the hold, or what is left of it, or see to it that an authorization of unknown fate never comes to be.

    What was taken stays taken. Raises NotVoidable once all of it was, or where it was lifted before.
    """
    attempt_id = void_id(payment_id)
    asked = _start("void", payment_id, attempt_id, viewer=viewer)
    if asked is None:
        raise NotVoidable(f"payment {payment_id} has nothing to void")
    return _ask(asked, "void", payment_id, attempt_id)


def ask_refund(*, refund_id: UUID) -> GatewayAnswer:
    """Give back what request_refund has written down. Raises NoRefund."""
    refund = reading.attempt(id=refund_id, operation="refund")
    if refund is None:
        raise NoRefund(f"no refund {refund_id}")
    asked = _start("refund", refund.payment_id, refund_id, refund.amount.amount)
    if asked is None:
        raise NoRefund(f"no refund {refund_id}")
    return _ask(asked, "refund", refund.payment_id, refund_id)


def _start(
    operation: Operation,
    payment_id: UUID,
    attempt_id: UUID,
    amount: int | None = 0,
    viewer: Viewer = SYSTEM,
) -> Asked | None:
    """Record that we ask. ``durable`` refuses to run inside a transaction, and has it committed before we do."""
    for last in (False, True):
        try:
            with transaction.atomic(durable=True):
                asked = asking.start(
                    operation, payment_id=payment_id, attempt_id=attempt_id, amount=amount
                )
                if asked is not None and asked.fresh:
                    note_down(
                        operation,
                        payment_id=payment_id,
                        attempt_id=attempt_id,
                        amount=Money(asked.amount, asked.currency),
                        viewer=viewer,
                    )
        except IntegrityError:
            if last:
                raise
            continue
        if asked is not None:
            return asked
    return None


def _ask(asked: Asked, operation: Operation, payment_id: UUID, attempt_id: UUID) -> GatewayAnswer:
    if asked.status in {"succeeded", "declined"}:
        return GatewayAnswer(
            outcome="succeeded" if asked.status == "succeeded" else "declined",
            attempt_id=attempt_id,
            amount_minor=asked.amount,
            reference=asked.gateway_reference,
            decline_code=asked.decline_code,
        )
    answer = _answer(asked, operation, payment_id, attempt_id)
    PAYMENT_ATTEMPTS.labels(operation, answer.outcome).inc()
    if answer.outcome == "unknown":
        AttemptRow.objects.filter(id=attempt_id, status="started").update(status="unknown")
    return answer


def _answer(
    asked: Asked, operation: Operation, payment_id: UUID, attempt_id: UUID
) -> GatewayAnswer:
    gateway = gateway_of(asked.provider)
    if asked.tries > 1:
        found = gateway.find(attempt_id)
        if found is not None:
            return found
    return gateway.ask(
        GatewayRequest(
            operation=operation,
            attempt_id=attempt_id,
            payment_id=payment_id,
            order_id=asked.order_id,
            merchant=asked.merchant,
            amount_minor=asked.amount,
            currency=asked.currency,
            method=asked.method,
        )
    )
