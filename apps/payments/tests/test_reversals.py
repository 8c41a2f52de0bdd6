"""The money of cancelled orders goes back exactly once, and lost answers are found again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.payments import services, subscribers
from apps.payments.models import Attempt, KnownOrder, Reversal
from apps.payments.models import Payment as PaymentRow
from apps.payments.tests.factories import amounts, authorized, captured, payment_of
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.money import Money
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]


@dataclass
class Told:
    """As much of an envelope as the subscriber reads."""

    order_id: UUID
    occurred_at: Any

    def read(self, cls: Any) -> Any:
        return cls(order_id=self.order_id)


def cancel(*order_ids: UUID) -> None:
    subscribers.give_money_back([Told(order_id, clock.now()) for order_id in order_ids])  # type: ignore[misc]  # a stand-in


def create(*order_ids: UUID, at: Any = None) -> None:
    subscribers.note_orders([Told(o, at or clock.now()) for o in order_ids])  # type: ignore[misc]  # a stand-in


def deliver(times: int = 1) -> list[int]:
    now = clock.now()
    return [
        services.deliver_reversals(now=now + timedelta(minutes=20 * turn)) for turn in range(times)
    ]


def test_a_cancelled_order_gets_its_captured_money_back_once(sandbox_server: SandboxServer) -> None:
    payment = captured()
    cancel(payment.order_id)
    cancel(payment.order_id)
    assert deliver(3) == [1, 0, 0]
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)
    assert sandbox_server.succeeded("refund") == 1
    assert services.audit_ledger().clean


def test_what_was_only_held_is_voided(sandbox_server: SandboxServer) -> None:
    payment = authorized()
    cancel(payment.order_id)
    assert deliver(2) == [1, 0]
    assert PaymentRow.objects.get(id=payment.id).status == "VOIDED"
    assert sandbox_server.succeeded("refund") == 0


def test_a_declined_payment_has_nothing_to_give_back() -> None:
    payment = authorized(method="tok_declined")
    cancel(payment.order_id)
    assert Reversal.objects.count() == 0


def test_only_what_is_left_after_a_partial_refund_goes_back(sandbox_server: SandboxServer) -> None:
    payment = captured(1000)
    services.refund(
        payment_id=payment.id,
        refund_id=new_id(),
        amount=Money(300, "EUR"),
        reason="",
        now=clock.now(),
    )
    cancel(payment.order_id)
    assert deliver(1) == [1]
    assert sandbox_server.get("/gateway/v1/totals")["EUR"]["refund"] == {"times": 2, "amount": 1000}


def test_a_lost_answer_to_the_refund_does_not_refund_twice(sandbox_server: SandboxServer) -> None:
    payment = captured(method="tok_refund_lost_answer")
    cancel(payment.order_id)
    assert deliver(2) == [0, 1]
    assert sandbox_server.succeeded("refund") == 1
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)


def test_a_gateway_that_is_down_is_asked_again_later(sandbox_server: SandboxServer) -> None:
    payment = captured()
    cancel(payment.order_id)
    sandbox_server.kill()
    assert deliver(1) == [0]
    row = Reversal.objects.get()
    assert (row.state, row.tries) == ("pending", 1)
    assert row.next_try_at > clock.now()
    sandbox_server.restart()
    assert services.deliver_reversals(now=clock.now() + timedelta(minutes=1)) == 1


def test_a_refused_refund_is_tried_as_another(sandbox_server: SandboxServer) -> None:
    payment = captured()
    cancel(payment.order_id)
    sandbox_server.order("decline", path="refunds")
    assert deliver(2) == [0, 1]
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)


@pytest.mark.parametrize("lost", ["authorize", "capture"])
def test_money_taken_behind_a_lost_answer_goes_back_too(
    sandbox_server: SandboxServer, lost: str
) -> None:
    method = {"authorize": "tok_lost_answer", "capture": "tok_capture_lost_answer"}[lost]
    payment = authorized(method=method)
    if lost == "capture":
        services.capture(payment_id=payment.id, now=clock.now())
    cancel(payment.order_id)
    assert deliver(1) == [1]
    assert sandbox_server.succeeded("void" if lost == "authorize" else "refund") == 1


def test_an_authorization_on_its_way_is_fenced_off(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    services.open_payment(command)
    cancel(command.order_id)
    assert deliver(1) == [1]
    assert services.authorize(command, now=clock.now()).status == "VOIDED"
    assert sandbox_server.succeeded("authorize") == 0


def test_money_without_an_order_is_found_once_younger_orders_are_known() -> None:
    payment = captured()
    known = captured()
    later = clock.now() + timedelta(hours=2)
    assert services.find_orphans(now=later) == 0
    create(known.order_id, at=clock.now())
    assert services.find_orphans(now=later) == 0
    create(new_id(), at=later)
    assert services.find_orphans(now=later) == 1
    assert Reversal.objects.get().payment_id == payment.id
    assert services.deliver_reversals(now=later) == 1


def test_money_taken_after_the_reversal_was_done_is_found_again() -> None:
    command = payment_of()
    payment = captured(payment_id=command.payment_id, order_id=command.order_id)
    KnownOrder.objects.create(order_id=payment.order_id, canceled=True, seen_at=clock.now())
    Reversal.objects.create(payment_id=payment.id, cause="earlier", state="done")
    assert services.find_orphans(now=clock.now() + timedelta(minutes=2)) == 1
    assert services.deliver_reversals(now=clock.now() + timedelta(minutes=2)) == 1
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)


@pytest.mark.parametrize(
    ("method", "step"),
    [("tok_lost_answer", "authorize"), ("tok_capture_lost_answer", "capture")],
)
def test_reconciliation_settles_lost_answers(
    sandbox_server: SandboxServer, method: str, step: str
) -> None:
    payments = [authorized(method=method) for _ in range(3)]
    if step == "capture":
        for payment in payments:
            services.capture(payment_id=payment.id, now=clock.now())
    assert Attempt.objects.filter(operation=step, status="unknown").count() == 3

    assert services.resolve_attempts(now=clock.now()) == 0
    assert services.resolve_attempts(now=clock.now() + timedelta(seconds=40)) == 3

    assert Attempt.objects.filter(operation=step, status="succeeded").count() == 3
    assert sandbox_server.succeeded(step) == 3
    assert services.audit_ledger().clean


def test_reconciliation_sends_a_refund_that_was_never_asked_for(
    sandbox_server: SandboxServer,
) -> None:
    payment = captured()
    services.request_refund(payment_id=payment.id, refund_id=new_id(), amount_minor=5, reason="")
    assert services.resolve_attempts(now=clock.now() + timedelta(seconds=40)) == 1
    assert sandbox_server.succeeded("refund") == 1


def test_reconciliation_does_not_start_an_authorization(sandbox_server: SandboxServer) -> None:
    services.open_payment(payment_of())
    sandbox_server.order("error")
    authorized()
    assert services.resolve_attempts(now=clock.now() + timedelta(seconds=40)) == 0
    assert sandbox_server.succeeded("authorize") == 0
