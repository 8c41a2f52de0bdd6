"""What becomes of a purchase when the bank says no, says nothing, or the buyer turns away."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.cart import services as cart
from apps.checkout import services
from apps.checkout.errors import (
    CheckoutClosed,
    CheckoutInFlight,
    PaymentDeclined,
)
from apps.checkout.models import Checkout as CheckoutRow
from apps.checkout.models import Saga as SagaRow
from apps.checkout.tests.factories import (
    Died,
    Stock,
    confirmed,
    customer,
    death_at,
    for_sale,
    open_shop,
    operator,
    order_statuses,
    resume,
    started,
    stock,
)
from apps.orders import services as orders
from apps.payments import services as payments
from apps.payments.types import GatewayAnswer
from ecommerce import clock
from ecommerce.events.testing import drain
from ecommerce.operations.metrics import ORDER_CREATION_LATENCY
from ecommerce.steps import arm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def test_a_declined_card_undoes_everything_and_another_card_buys(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_insufficient_funds")

    with pytest.raises(PaymentDeclined) as refusal:
        confirmed(ada, checkout)

    assert refusal.value.facts["decline_code"] == "insufficient_funds"
    assert order_statuses() == ["CANCELED"]
    assert stock(mug) == Stock(available=10, on_hand=10, reserved=0, allocated=0)
    assert cart.get_snapshot(cart_id=checkout.cart_id, viewer=ada).status == "open"
    again = services.get_checkout(checkout_id=checkout.id, viewer=ada)
    assert (again.status, again.attempt, again.decline_code) == ("OPEN", 2, "insufficient_funds")

    done = confirmed(ada, checkout, method="tok_visa")

    assert done.outcome == "completed"
    assert order_statuses() == ["CANCELED", "PAID"]
    assert stock(mug).allocated == 2
    assert sandbox_server.succeeded("capture") == 1
    assert [s.state for s in SagaRow.objects.order_by("attempt")] == ["COMPENSATED", "COMPLETED"]


def test_a_lost_answer_is_asked_after_and_charged_once(sandbox_server: Any) -> None:
    mug = for_sale("MUG")
    ada = customer()
    checkout = started(ada, (mug, 1), method="tok_lost_answer")

    done = confirmed(ada, checkout)

    assert done.outcome == "pending"
    assert done.checkout.status == "PROCESSING"
    with pytest.raises(CheckoutInFlight):
        confirmed(ada, checkout)
    assert resume() == 1
    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).status == "COMPLETED"
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1
    assert sandbox_server.succeeded("capture") == 1


def purchases_timed() -> tuple[float, float]:
    """How many purchases the histogram has seen, and how long they took together, in milliseconds."""
    (family,) = ORDER_CREATION_LATENCY.collect()
    seen = {sample.name.rsplit("_", 1)[1]: sample.value for sample in family.samples}
    return seen["count"], seen["sum"]


def test_a_purchase_is_timed_to_its_end_whoever_brings_it_there(sandbox_server: Any) -> None:
    ada, before = customer(), purchases_timed()
    confirmed(ada, started(ada, (for_sale("TEA"), 1)))
    assert purchases_timed()[0] == before[0] + 1

    assert (
        confirmed(ada, started(ada, (for_sale("MUG"), 1), method="tok_lost_answer")).outcome
        == "pending"
    )
    SagaRow.objects.filter(state="RUNNING").update(created_at=clock.now() - timedelta(minutes=1))
    resume()

    timed, together = purchases_timed()
    assert timed == before[0] + 2
    assert together - before[1] >= 60_000


def test_a_lost_answer_to_the_capture_takes_the_money_once(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1), method="tok_capture_lost_answer")

    assert confirmed(ada, checkout).outcome == "pending"
    assert order_statuses() == ["CONFIRMED"]
    resume()

    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("capture") == 1


def test_a_declined_capture_is_undone_with_the_hold_lifted(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_capture_declined")

    with pytest.raises(Exception, match="given back"):
        confirmed(ada, checkout)

    assert order_statuses() == ["CANCELED"]
    assert stock(mug).available == 10
    assert sandbox_server.succeeded("void") == 1
    assert (
        services.get_checkout(checkout_id=checkout.id, viewer=ada).failure_code
        == "capture-declined"
    )
    with pytest.raises(CheckoutClosed):
        confirmed(ada, checkout)


def test_a_silent_gateway_lets_the_buyer_go_and_is_asked_again(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))
    sandbox_server.kill()

    assert confirmed(ada, checkout).outcome == "pending"
    assert order_statuses() == ["PENDING"]
    sandbox_server.restart()
    resume()

    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1


def test_after_twenty_silent_minutes_the_purchase_is_off(
    sandbox_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1))
    silent = GatewayAnswer(outcome="unreachable", attempt_id=checkout.id)
    monkeypatch.setattr(payments, "ask", lambda _: silent)
    monkeypatch.setattr(payments, "ask_authorization", lambda **_: silent)
    assert confirmed(ada, checkout).outcome == "pending"

    services.resume_sagas(now=clock.now())
    SagaRow.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    services.resume_sagas(now=clock.now() + timedelta(minutes=21))

    assert order_statuses() == ["CANCELED"]
    assert stock(mug).available == 10
    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).failure_code == "no-answer"


def test_what_was_canceled_while_the_bank_was_asked_is_not_charged(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1), method="tok_lost_answer")
    pending = confirmed(ada, checkout)

    orders.cancel_order(
        order_id=pending.checkout.order_id,  # type: ignore[arg-type]
        reason="too slow",
        viewer=ada,
        now=clock.now(),
    )
    resume()

    assert order_statuses() == ["CANCELED"]
    assert sandbox_server.succeeded("authorize") == 1
    assert sandbox_server.succeeded("void") == 1
    assert sandbox_server.succeeded("capture") == 0
    assert stock(mug).available == 10


def test_money_that_was_taken_for_a_canceled_order_goes_back_once(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1))
    with death_at("checkout.after_capture"), pytest.raises(Died):
        confirmed(ada, checkout)
    order_id = CheckoutRow.objects.get().order_id
    assert order_statuses() == ["CONFIRMED"]

    orders.cancel_order(order_id=order_id, reason="too slow", viewer=ada, now=clock.now())
    resume()
    drain()
    payments.deliver_reversals(now=clock.now() + timedelta(minutes=30))

    assert order_statuses() == ["CANCELED"]
    assert sandbox_server.succeeded("capture") == 1
    assert sandbox_server.succeeded("refund") == 1
    order = orders.get_order(order_id=order_id, viewer=ada)
    payment = payments.get_payment(payment_id=order.payment_id, viewer=ada)
    assert (payment.captured_minor, payment.refunded_minor) == (1490, 1490)
    assert payments.audit_ledger().clean
    assert stock(mug).available == 10
    failed = services.get_checkout(checkout_id=checkout.id, viewer=ada)
    assert (failed.status, failed.failure_code) == ("FAILED", "order-canceled")


def test_after_too_many_broken_tries_a_person_is_called(
    sandbox_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    def broken(**_: Any) -> None:
        raise RuntimeError("a bug of ours met ada@example.com")

    with monkeypatch.context() as patched:
        patched.setattr(orders, "confirm_order", broken)
        assert confirmed(ada, checkout).outcome == "pending"
        saga = SagaRow.objects.get()
        assert (saga.state, saga.tries) == ("RUNNING", 1)
        assert saga.last_error == "RuntimeError"
        assert "ada@example.com" not in str(saga.log)
        SagaRow.objects.update(tries=39)
        resume()

    assert SagaRow.objects.get().state == "STUCK"
    assert resume() == 0
    mended = services.retry_saga(saga_id=saga.id, viewer=operator(), now=clock.now())
    assert mended.state == "COMPLETED"
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1


@pytest.mark.django_db(transaction=True)
def test_a_buyer_whose_connection_is_lost_is_told_pending_and_a_worker_goes_on_at_once(
    sandbox_server: Any,
) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    def leave() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    arm("checkout.in_confirm", leave)
    try:
        assert confirmed(ada, checkout).outcome == "pending"
    finally:
        arm(None)

    saga = SagaRow.objects.get()
    assert (saga.state, saga.tries, saga.lease_owner) == ("RUNNING", 1, None)
    resume()
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1


def test_a_gateway_that_hangs_lets_the_buyer_go_within_six_seconds(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1), method="tok_timeout")

    began = time.monotonic()
    pending = confirmed(ada, checkout)

    assert pending.outcome == "pending"
    assert time.monotonic() - began < 6


def test_a_slow_authorization_leaves_the_capture_to_a_worker(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1), method="tok_slow")

    pending = confirmed(ada, checkout)

    assert (pending.outcome, order_statuses()) == ("pending", ["CONFIRMED"])
    assert sandbox_server.succeeded("capture") == 0
    resume()
    assert order_statuses() == ["PAID"]
