"""Many hands on one payment at once, on real connections: money moves once and nobody deadlocks."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.payments import services
from apps.payments.errors import NotCapturable, NotRefundable
from apps.payments.gateways.calling import caller_of
from apps.payments.tests.factories import amounts, authorized, captured, payment_of
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.money import Money
from ecommerce.signatures import signature_of
from ecommerce.testing_threads import at_once
from sandbox.testing import SECRET, SandboxServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sandbox_server"),
]


def test_one_payment_authorized_many_times_at_once_is_charged_once(
    sandbox_server: SandboxServer,
) -> None:
    command = payment_of()

    def pay() -> str:
        return services.authorize(command, now=clock.now()).status

    assert at_once([pay] * 12) == ["AUTHORIZED"] * 12
    assert sandbox_server.succeeded("authorize") == 1
    assert amounts(command.payment_id) == (1000, 0, 0, 0, 0)


def test_one_capture_asked_many_times_at_once_takes_once(sandbox_server: SandboxServer) -> None:
    payment = authorized()

    def capture() -> str:
        return services.capture(payment_id=payment.id, now=clock.now()).status

    assert at_once([capture] * 12) == ["CAPTURED"] * 12
    assert sandbox_server.succeeded("capture") == 1
    assert services.audit_ledger().clean


@pytest.mark.parametrize("operation", ["capture", "refund"])
def test_different_commands_at_once_never_move_more_than_there_is(
    sandbox_server: SandboxServer, operation: str
) -> None:
    payment = captured(1000) if operation == "refund" else authorized(1000)

    def move() -> str:
        part, one = Money(300, "EUR"), new_id()
        try:
            if operation == "refund":
                services.refund(
                    payment_id=payment.id, refund_id=one, amount=part, reason="", now=clock.now()
                )
            else:
                services.capture(
                    payment_id=payment.id, capture_id=one, amount=part, now=clock.now()
                )
        except (NotRefundable, NotCapturable):
            return "refused"
        return "moved"

    assert Counter(at_once([move] * 12)) == {"moved": 3, "refused": 9}
    assert sandbox_server.get("/gateway/v1/totals")["EUR"][operation] == {"times": 3, "amount": 900}
    assert services.audit_ledger().clean


def test_webhooks_and_answers_of_the_same_payments_meet_without_deadlock(
    sandbox_server: SandboxServer,
) -> None:
    commands = [payment_of() for _ in range(8)]
    answers = {}
    for command in commands:
        services.open_payment(command)
        answer = services.ask_authorization(payment_id=command.payment_id)
        services.record_authorization(payment_id=command.payment_id, answer=answer, now=clock.now())
        answers[command.payment_id] = services.ask_capture(payment_id=command.payment_id)

    def record(payment_id: object) -> Callable[[], str]:
        def write() -> str:
            answer = answers[payment_id]  # type: ignore[index]  # its key
            services.record_capture(payment_id=payment_id, answer=answer, now=clock.now())  # type: ignore[arg-type]  # an id
            return "recorded"

        return write

    def webhook(event: dict[str, object]) -> Callable[[], str]:
        body = json.dumps(event).encode()
        now = clock.now()
        headers = {
            "Sandbox-Signature": signature_of(body, secret=SECRET, timestamp=int(now.timestamp()))
        }

        def send() -> str:
            services.receive_webhook(provider="sandbox", body=body, headers=headers, now=now)
            return "received"

        return send

    jobs = [record(command.payment_id) for command in commands for _ in range(2)]
    jobs += [webhook(event) for event in sandbox_server.events()]
    assert Counter(at_once(jobs, threads=len(jobs))) == {"recorded": 16, "received": 16}
    assert all(amounts(command.payment_id) == (1000, 1000, 0, 0, 0) for command in commands)
    assert services.audit_ledger().clean


def test_reversals_delivered_by_several_workers_give_back_once(
    sandbox_server: SandboxServer,
) -> None:
    payments = [captured() for _ in range(5)]
    services.reverse_orders(
        order_ids=[payment.order_id for payment in payments], cause="test", seen_at=clock.now()
    )

    def deliver() -> str:
        services.deliver_reversals(now=clock.now())
        return "delivered"

    assert at_once([deliver] * 6) == ["delivered"] * 6
    assert sandbox_server.get("/gateway/v1/totals")["EUR"]["refund"] == {"times": 5, "amount": 5000}
    assert services.audit_ledger().clean


def test_lost_answers_are_all_settled_and_none_is_charged_twice(
    sandbox_server: SandboxServer, settings: Any
) -> None:
    for _ in range(40):
        authorized(1, method="tok_lost_answer")
        caller_of(settings.SANDBOX_URL).breaker.close()
    later = clock.now() + timedelta(seconds=40)
    assert services.resolve_attempts(now=later) == 40
    assert sandbox_server.get("/gateway/v1/totals") == {
        "EUR": {"authorize": {"times": 40, "amount": 40}}
    }
