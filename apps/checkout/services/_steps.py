"""What follows the first step, each one transaction of its own. Nothing here speaks to the outside."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.cart import services as cart
from apps.checkout import queries
from apps.checkout.domain.saga import SagaState, Step
from apps.checkout.events import CheckoutCompleted, CheckoutConfirmed, CheckoutFailed
from apps.checkout.queries import CheckoutRecord, SagaRecord
from apps.checkout.services._shape import facts_of
from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.payments import services as payments
from apps.payments.services import Intent
from apps.payments.types import GatewayAnswer
from apps.pricing import services as pricing
from ecommerce.events import publish, told_together
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.operations.metrics import ORDER_CREATION_LATENCY
from ecommerce.steps import reach


def confirm(
    saga: SagaRecord, answer: GatewayAnswer | None, *, now: datetime
) -> tuple[SagaRecord, Intent | None]:
    """Step two: the money is held (or there is none to pay), so the order stands and the stock is its own.

    The intent is to take the money.

    Raises the refusals of orders (canceled meanwhile) and of inventory (the hold ran out and the
    stock has gone), having changed nothing.
    """
    intent = None
    with transaction.atomic(), told_together():
        saga = _check_in(saga, Step.CONFIRM, entry=entry_of("confirm", "done"))
        if answer is not None:
            payments.record_authorization(payment_id=saga.payment_id, answer=answer, now=now)
            intent = payments.intend_capture(payment_id=saga.payment_id)
        orders.confirm_order(order_id=saga.order_id, now=now)
        if saga.checkout.coupon_codes:
            pricing.redeem_coupons(saga.order_id)
        publish(_told(CheckoutConfirmed, saga))
        reach("checkout.in_confirm")
        inventory.confirm_reservation(order_id=saga.order_id, now=now)
    reach("checkout.after_confirm")
    return saga, intent


def complete(saga: SagaRecord, answer: GatewayAnswer | None, *, now: datetime) -> SagaRecord:
    """Step three: the money is taken, the order paid. Raises orders' refusal if it was canceled meanwhile."""
    with transaction.atomic(), told_together():
        if answer is not None:
            payments.record_capture(payment_id=saga.payment_id, answer=answer, now=now)
        order = orders.mark_paid(order_id=saga.order_id, payment_id=saga.payment_id, now=now)
        saga = _check_in(
            saga,
            Step.COMPLETE,
            state=SagaState.COMPLETED,
            entry=entry_of("complete", "done"),
            checkout=_outcome(saga.checkout, "COMPLETED", order_number=order.number, at=now),
        )
        publish(_told(CheckoutCompleted, saga))
        reach("checkout.in_complete")
    _observe_latency(saga)
    reach("checkout.after_complete")
    return saga


def _observe_latency(saga: SagaRecord) -> None:
    """From the buyer's press to the order paid, whoever finished it, by the one clock that all share."""
    took = saga.updated_at - saga.created_at
    ORDER_CREATION_LATENCY.observe(took.total_seconds() * 1000)


def turn_back(
    saga: SagaRecord, code: str, *, authorized: GatewayAnswer | None, captured: GatewayAnswer | None,
    now: datetime,
) -> SagaRecord:  # fmt: skip
    """It cannot go on: write down why, and what the gateway said so far. From here on it is undone."""
    with transaction.atomic(), told_together():
        saga = _check_in(
            saga,
            saga.step,
            state=SagaState.COMPENSATING,
            failure={"code": code},
            entry=entry_of("turn back", "done", code),
        )
        if authorized is not None:
            payments.record_authorization(payment_id=saga.payment_id, answer=authorized, now=now)
        if captured is not None:
            payments.record_capture(payment_id=saga.payment_id, answer=captured, now=now)
    return saga


def undo(
    saga: SagaRecord, failure: dict[str, Any], *, declined: GatewayAnswer | None, now: datetime
) -> SagaRecord:
    """Give back coupons, stock and cart, and cancel the order with its reason, all at once.

    After a declined card the checkout is open again, with an order and a payment of their own for the
    next attempt; after anything else it has failed.
    """
    with transaction.atomic(), told_together():
        if declined is not None:
            payments.record_authorization(payment_id=saga.payment_id, answer=declined, now=now)
        cart.reopen_cart(cart_id=saga.checkout.cart_id, order_id=saga.order_id)
        saga = _check_in(
            saga,
            Step.COMPENSATE,
            state=SagaState.COMPENSATED,
            failure=failure,
            entry=entry_of("compensate", "done", failure["code"]),
            checkout=_after_failure(saga.checkout, failure),
        )
        publish(
            facts_of(
                CheckoutFailed,
                saga.checkout,
                order_id=saga.order_id,
                payment_id=saga.payment_id,
                reason=failure["code"],
                decline_code=failure.get("decline_code", ""),
            )
        )
        reach("checkout.in_compensate")
        orders.cancel_order(order_id=saga.order_id, reason=failure["code"], viewer=SYSTEM, now=now)
    reach("checkout.after_compensate")
    return saga


def postpone(
    saga: SagaRecord, step: str, why: str, *, wait: int, stuck: bool = False
) -> SagaRecord:
    """Write down that a step brought no result, and when to try again. The saga is free for others."""
    return queries.check_in(
        saga,
        checkout=None,
        state=(SagaState.STUCK if stuck else saga.state).value,
        step=saga.step.value,
        tries=saga.tries + 1,
        error=why[:500],
        failure=None,
        entry=queries.json_of(entry_of(step, "postponed", why)),
        next_owner=None,
        wait=wait,
    )


def _check_in(
    saga: SagaRecord,
    step: Step,
    *,
    entry: dict[str, Any],
    state: SagaState = SagaState.RUNNING,
    failure: dict[str, Any] | None = None,
    checkout: dict[str, Any] | None = None,
) -> SagaRecord:
    over = state in {SagaState.COMPLETED, SagaState.COMPENSATED}
    return queries.check_in(
        saga,
        checkout=checkout,
        state=state.value,
        step=step.value,
        tries=0,
        error="",
        failure=None if failure is None else queries.json_of(failure),
        entry=queries.json_of(entry),
        next_owner=None if over else saga.lease_owner,
        wait=0,
    )


def _outcome(
    checkout: CheckoutRecord, status: str, *, order_number: str = "", at: datetime | None = None
) -> dict[str, Any]:
    return {
        "status": status,
        "completed_at": at,
        "order_number": order_number,
        "failure_code": "",
        "decline_code": "",
        "cart_version": checkout.cart_version,
        "again": 0,
        "new_order": None,
        "new_payment": None,
    }


def _after_failure(checkout: CheckoutRecord, failure: dict[str, Any]) -> dict[str, Any]:
    reopened = cart.get_snapshot(cart_id=checkout.cart_id, viewer=SYSTEM)
    again = failure["code"] == "declined" and reopened.status == "open"
    return {
        **_outcome(checkout, "OPEN" if again else "FAILED"),
        "failure_code": failure["code"],
        "decline_code": failure.get("decline_code", ""),
        "cart_version": reopened.version,
        "again": int(again),
        "new_order": new_id() if again else None,
        "new_payment": new_id() if again else None,
    }


def _told(kind: Any, saga: SagaRecord) -> Any:
    return facts_of(kind, saga.checkout, order_id=saga.order_id, payment_id=saga.payment_id)


def entry_of(step: str, outcome: str, detail: str = "") -> dict[str, Any]:
    return {"step": step, "outcome": outcome, "detail": detail[:300]}
