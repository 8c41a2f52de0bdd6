"""Money moves once per command, whatever happens to the answer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.payments import services
from apps.payments.errors import (
    AmountMissing,
    NotCapturable,
    NotRefundable,
    NotVoidable,
    PaymentChanged,
    UnknownProvider,
)
from apps.payments.models import Attempt, JournalEntry
from apps.payments.models import Payment as PaymentRow
from apps.payments.tests.factories import amounts, authorized, balances, captured, payment_of
from apps.payments.types import Payment
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.money import Money
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]


def test_a_card_is_authorized_captured_and_refunded(sandbox_server: SandboxServer) -> None:
    payment = authorized(1999)
    assert (payment.status, payment.authorized_minor) == ("AUTHORIZED", 1999)
    assert balances() == {}

    payment = services.capture(payment_id=payment.id, now=clock.now())
    assert (payment.status, payment.captured_minor) == ("CAPTURED", 1999)
    assert balances() == {"psp_receivable.sandbox": 1999, "sales_clearing": -1999}

    refund = services.refund(
        payment_id=payment.id,
        refund_id=new_id(),
        amount=Money(500, "EUR"),
        reason="late",
        now=clock.now(),
    )
    assert (refund.status, refund.amount.amount) == ("succeeded", 500)
    assert amounts(payment.id) == (1999, 1999, 500, 0, 0)
    assert balances() == {
        "psp_receivable.sandbox": 1499,
        "sales_clearing": -1999,
        "refunds": 500,
    }
    assert sandbox_server.get("/gateway/v1/totals") == {
        "EUR": {
            "authorize": {"times": 1, "amount": 1999},
            "capture": {"times": 1, "amount": 1999},
            "refund": {"times": 1, "amount": 500},
        }
    }


def test_repeating_every_command_changes_nothing(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    refund_id = new_id()
    for _ in range(3):
        services.authorize(command, now=clock.now())
        services.capture(payment_id=command.payment_id, now=clock.now())
        services.refund(
            payment_id=command.payment_id,
            refund_id=refund_id,
            amount=None,
            reason="",
            now=clock.now(),
        )
    assert amounts(command.payment_id) == (1000, 1000, 1000, 0, 0)
    assert [sandbox_server.succeeded(kind) for kind in ("authorize", "capture", "refund")] == [
        1,
        1,
        1,
    ]
    assert JournalEntry.objects.count() == 2


def test_recording_an_answer_twice_books_it_once() -> None:
    payment = authorized()
    answer = services.ask_capture(payment_id=payment.id)
    for _ in range(2):
        services.record_capture(payment_id=payment.id, answer=answer, now=clock.now())
    assert amounts(payment.id) == (1000, 1000, 0, 0, 0)
    assert JournalEntry.objects.count() == 1


def test_a_declined_card_takes_nothing() -> None:
    payment = authorized(method="tok_insufficient_funds")
    assert (payment.status, payment.decline_code) == ("DECLINED", "insufficient_funds")
    with pytest.raises(NotCapturable):
        services.capture(payment_id=payment.id, now=clock.now())


def test_a_voided_payment_cannot_be_captured(sandbox_server: SandboxServer) -> None:
    payment = authorized()
    for _ in range(2):
        assert services.void(payment_id=payment.id, now=clock.now()).status == "VOIDED"
    with pytest.raises(NotCapturable):
        services.capture(payment_id=payment.id, now=clock.now())
    assert sandbox_server.succeeded("void") == 1


def test_the_rest_of_a_hold_is_lifted_and_what_was_taken_stays(
    sandbox_server: SandboxServer,
) -> None:
    payment = part_captured(500, 400)
    for _ in range(2):
        voided = services.void(payment_id=payment.id, now=clock.now())

    assert (voided.status, voided.voided) == ("PARTIALLY_CAPTURED", True)
    assert amounts(payment.id) == (500, 400, 0, 0, 0)
    assert sandbox_server.succeeded("void") == 1
    with pytest.raises(NotCapturable):
        services.capture(
            payment_id=payment.id, amount=Money(1, "EUR"), capture_id=new_id(), now=clock.now()
        )
    assert services.audit_ledger().clean


def test_a_cancelled_order_gets_back_what_was_taken_and_what_was_held(
    sandbox_server: SandboxServer,
) -> None:
    payment = part_captured(500, 400)
    services.reverse_orders(order_ids={payment.order_id}, cause="off", seen_at=clock.now())

    assert services.deliver_reversals(now=clock.now() + timedelta(seconds=1)) == 1

    assert (sandbox_server.succeeded("void"), sandbox_server.succeeded("refund")) == (1, 1)
    assert amounts(payment.id) == (500, 400, 400, 0, 0)


def test_a_part_that_is_being_captured_is_not_lifted(sandbox_server: SandboxServer) -> None:
    payment = part_captured(500, 400)
    sandbox_server.order("lost_answer", path="captures")
    services.capture(
        payment_id=payment.id, amount=Money(100, "EUR"), capture_id=new_id(), now=clock.now()
    )
    with pytest.raises(NotVoidable):
        services.void(payment_id=payment.id, now=clock.now())


def part_captured(amount: int, part: int) -> Payment:
    payment = authorized(amount)
    return services.capture(
        payment_id=payment.id, amount=Money(part, "EUR"), capture_id=new_id(), now=clock.now()
    )


def test_a_captured_payment_cannot_be_voided() -> None:
    payment = captured()
    with pytest.raises(NotVoidable):
        services.void(payment_id=payment.id, now=clock.now())


def test_parts_are_captured_up_to_the_whole() -> None:
    payment = authorized(1000)
    part = services.create_capture(
        payment_id=payment.id, capture_id=new_id(), amount=Money(600, "EUR"), now=clock.now()
    )
    assert part.status == "succeeded"
    with pytest.raises(NotCapturable):
        services.create_capture(
            payment_id=payment.id, capture_id=new_id(), amount=Money(401, "EUR"), now=clock.now()
        )
    services.create_capture(
        payment_id=payment.id, capture_id=new_id(), amount=Money(400, "EUR"), now=clock.now()
    )
    assert amounts(payment.id) == (1000, 1000, 0, 0, 0)


def test_no_more_is_refunded_than_was_captured() -> None:
    payment = captured(1000)
    with pytest.raises(NotRefundable) as refusal, transaction.atomic():
        services.request_refund(
            payment_id=payment.id, refund_id=new_id(), amount_minor=1001, reason=""
        )
    assert refusal.value.facts == {"refundable_minor": 1000}
    services.request_refund(payment_id=payment.id, refund_id=new_id(), amount_minor=700, reason="")
    with pytest.raises(NotRefundable), transaction.atomic():
        services.request_refund(
            payment_id=payment.id, refund_id=new_id(), amount_minor=301, reason=""
        )
    assert amounts(payment.id) == (1000, 1000, 0, 0, 700)


def test_a_refused_refund_can_be_tried_again() -> None:
    payment = captured(1000, method="tok_refund_declined")
    refund = services.refund(
        payment_id=payment.id, refund_id=new_id(), amount=None, reason="", now=clock.now()
    )
    assert (refund.status, refund.decline_code) == ("declined", "refund_declined")
    assert amounts(payment.id) == (1000, 1000, 0, 0, 0)


def test_a_lost_answer_is_asked_after_not_charged_again(sandbox_server: SandboxServer) -> None:
    command = payment_of(method="tok_lost_answer")
    first = services.authorize(command, now=clock.now())
    assert first.status == "PENDING"
    assert Attempt.objects.get(id=command.payment_id).status == "unknown"

    second = services.authorize(command, now=clock.now())

    assert (second.status, second.authorized_minor) == ("AUTHORIZED", 1000)
    assert sandbox_server.succeeded("authorize") == 1


@pytest.mark.parametrize("operation", ["captures", "refunds", "voids"])
def test_lost_answers_of_later_steps_are_asked_after_too(
    sandbox_server: SandboxServer, operation: str
) -> None:
    payment = captured() if operation == "refunds" else authorized()
    sandbox_server.order("lost_answer", path=operation)
    refund_id = new_id()

    def run() -> None:
        if operation == "refunds":
            services.refund(
                payment_id=payment.id,
                refund_id=refund_id,
                amount=None,
                reason="",
                now=clock.now(),
            )
        elif operation == "captures":
            services.capture(payment_id=payment.id, now=clock.now())
        else:
            services.void(payment_id=payment.id, now=clock.now())

    kind = {"captures": "capture", "refunds": "refund", "voids": "void"}[operation]
    run()
    assert Attempt.objects.get(payment_id=payment.id, operation=kind).status == "unknown"
    run()
    assert Attempt.objects.get(payment_id=payment.id, operation=kind).status == "succeeded"
    assert sandbox_server.succeeded(kind) == 1


def test_an_unreachable_gateway_is_an_answer_not_an_error(sandbox_server: SandboxServer) -> None:
    sandbox_server.kill()
    command = payment_of()
    services.open_payment(command)
    answer = services.ask_authorization(payment_id=command.payment_id)
    assert answer.outcome == "unreachable"
    sandbox_server.restart()
    assert services.authorize(command, now=clock.now()).status == "AUTHORIZED"


def test_the_breaker_opens_after_five_failures(sandbox_server: SandboxServer) -> None:
    sandbox_server.order("error", times=5)
    outcomes = [services.authorize(payment_of(), now=clock.now()).status for _ in range(6)]
    assert outcomes == ["PENDING"] * 6
    assert sandbox_server.succeeded("authorize") == 0
    command = payment_of()
    services.open_payment(command)
    answer = services.ask_authorization(payment_id=command.payment_id)
    assert (answer.outcome, answer.raw) == ("unreachable", {"why": "the breaker is open"})


def test_a_void_of_an_unknown_authorization_keeps_it_from_ever_being(
    sandbox_server: SandboxServer,
) -> None:
    command = payment_of()
    sandbox_server.order("error")
    assert services.authorize(command, now=clock.now()).status == "PENDING"

    assert services.void(payment_id=command.payment_id, now=clock.now()).status == "VOIDED"

    assert services.authorize(command, now=clock.now()).status == "VOIDED"
    assert sandbox_server.succeeded("authorize") == 0


@pytest.mark.django_db(transaction=True)
def test_the_gateway_is_never_asked_within_a_transaction() -> None:
    command = payment_of()
    services.open_payment(command)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.ask_authorization(payment_id=command.payment_id)
    assert not connection.in_atomic_block


def test_a_payment_id_belongs_to_one_order_and_amount() -> None:
    command = payment_of(1000)
    services.open_payment(command)
    with pytest.raises(PaymentChanged), transaction.atomic():
        services.open_payment(payment_of(1001, payment_id=command.payment_id))


def test_nothing_to_pay_and_unknown_providers_are_refused() -> None:
    with pytest.raises(AmountMissing), transaction.atomic():
        services.open_payment(payment_of(0))
    with pytest.raises(UnknownProvider), transaction.atomic():
        services.open_payment(payment_of(provider="nobody"))


@pytest.mark.parametrize("field", ["authorized", "captured", "refunded"])
def test_the_database_refuses_amounts_beyond_their_bounds(field: str) -> None:
    payment = captured()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRow.objects.filter(id=payment.id).update(**{field: 1001})


def test_the_database_refuses_to_move_a_payment_back() -> None:
    payment = captured()
    with pytest.raises(IntegrityError, match="cannot go back"), transaction.atomic():
        PaymentRow.objects.filter(id=payment.id).update(captured=999)


def test_the_status_follows_the_amounts() -> None:
    payment = authorized(1000)
    services.create_capture(
        payment_id=payment.id, capture_id=new_id(), amount=Money(1, "EUR"), now=clock.now()
    )
    assert PaymentRow.objects.get(id=payment.id).status == "PARTIALLY_CAPTURED"
    assert payment.amount == Money(1000, "EUR")


def test_authorizing_and_capturing_takes_eight_statements() -> None:
    command = payment_of()
    with CaptureQueriesContext(connection) as queries:
        services.open_payment(command)
        answer = services.ask_authorization(payment_id=command.payment_id)
        services.record_authorization(payment_id=command.payment_id, answer=answer, now=clock.now())
        answer = services.ask_capture(payment_id=command.payment_id)
        services.record_capture(payment_id=command.payment_id, answer=answer, now=clock.now())
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 8, statements
