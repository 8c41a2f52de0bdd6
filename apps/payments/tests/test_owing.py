"""Money that is owed to a customer is never forgotten, and after a while nobody can overlook it."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection
from django.test import Client

from apps.payments import services
from apps.payments.errors import NoAttempt, NoReversal
from apps.payments.models import Attempt, Reversal, WebhookEvent
from apps.payments.services import _reverse, _webhook
from apps.payments.tests.factories import amounts, authorized, captured, payment_of
from ecommerce import clock
from ecommerce.audit.models import Entry
from ecommerce.errors import Forbidden, kept_reason
from ecommerce.identity import CUSTOMER, OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.operations.metrics import WEBHOOK_RETRIES, exposition
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]
BOSS = Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))
WEEK = timedelta(days=7)


def reversal_of(payment_id: Any, **fields: Any) -> Reversal:
    return Reversal.objects.create(payment_id=payment_id, cause="called off", **fields)


def gauge(kind: str, state: str) -> float:
    line = f'payment_money_owed{{kind="{kind}",state="{state}"}} '
    found = [row for row in exposition().decode().splitlines() if row.startswith(line)]
    return float(found[0].removeprefix(line))


def due(row: Reversal) -> datetime:
    row.refresh_from_db()
    return row.next_try_at


@pytest.fixture
def office(client: Client) -> Client:
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


def test_a_reversal_that_is_refused_goes_on_daily_and_in_the_end_through(
    sandbox_server: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    payment = captured()
    row = reversal_of(payment.id)
    sandbox_server.order("decline", times=30, path="refunds")
    now = clock.now() + timedelta(seconds=1)
    pauses = []
    for _ in range(30):
        assert services.deliver_reversals(now=now) == 0
        pauses.append((due(row) - now).total_seconds())
        now = due(row)

    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses == sorted(pauses)
    assert pauses[18:] == [900] + [86_400] * 11
    assert (row.state, row.tries) == ("stuck", 30)
    assert row.last_error == "RefundDeclined: the bank said ordered"
    assert gauge("reversal", "stuck") == 1
    assert [r.levelno for r in caplog.records if "not through" in r.message] == (
        [logging.WARNING] * 19 + [logging.ERROR] * 11
    )

    assert services.deliver_reversals(now=now) == 1
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)
    assert gauge("reversal", "stuck") == 0


def test_a_reversal_without_an_answer_is_asked_after_every_quarter_of_an_hour(
    sandbox_server: SandboxServer,
) -> None:
    row = reversal_of(captured().id, state="stuck", tries=50)
    sandbox_server.kill()
    now = clock.now() + timedelta(seconds=1)

    assert services.deliver_reversals(now=now) == 0
    assert due(row) - now == timedelta(minutes=15)

    sandbox_server.restart()
    assert services.deliver_reversals(now=now + timedelta(minutes=15)) == 1
    assert sandbox_server.succeeded("refund") == 1


def test_a_refund_that_nobody_asked_for_yet_is_asked_for_after_a_week(
    sandbox_server: SandboxServer,
) -> None:
    payment = captured()
    services.request_refund(payment_id=payment.id, refund_id=new_id(), amount_minor=5, reason="")
    assert gauge("refund", "pending") == 1

    assert services.resolve_attempts(now=clock.now() + WEEK) == 1

    assert sandbox_server.succeeded("refund") == 1
    assert gauge("refund", "pending") == 0


def test_a_refund_without_an_answer_is_asked_after_with_growing_pauses(
    sandbox_server: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    payment = captured()
    refund_id = new_id()
    services.request_refund(payment_id=payment.id, refund_id=refund_id, amount_minor=5, reason="")
    Attempt.objects.filter(id=refund_id).update(tries=25, asked_at=clock.now())
    sandbox_server.kill()

    assert gauge("refund", "stuck") == 1
    services.resolve_attempts(now=clock.now() + timedelta(minutes=14))
    assert Attempt.objects.get(id=refund_id).tries == 25
    services.resolve_attempts(now=clock.now() + timedelta(minutes=16))
    assert Attempt.objects.get(id=refund_id).tries == 26
    (told,) = [r for r in caplog.records if "not settled" in r.message]
    assert (told.levelno, str(refund_id) in told.message) == (logging.ERROR, True)

    sandbox_server.restart()
    assert services.resolve_attempts(now=clock.now() + WEEK) == 1


def test_what_the_gateway_never_heard_of_keeps_no_refund_from_its_turn(
    sandbox_server: SandboxServer,
) -> None:
    for _ in range(2):
        sandbox_server.order("unavailable", times=2)
        authorized()
    payment = captured()
    services.request_refund(payment_id=payment.id, refund_id=new_id(), amount_minor=5, reason="")
    Attempt.objects.filter(operation="refund").update(created_at=clock.now())

    turns = [
        services.resolve_attempts(now=clock.now() + timedelta(minutes=1), limit=1) for _ in range(3)
    ]

    assert turns == [0, 0, 1]


def test_a_bug_in_one_reversal_keeps_nobody_elses_money(
    sandbox_server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = captured(), captured()
    for payment in (broken, sound):
        reversal_of(payment.id)
    whole = _reverse._give_back

    def give_back(payment_id: Any, *rest: Any) -> bool:
        if payment_id == broken.id:
            raise KeyError("a bug of ours")
        return whole(payment_id, *rest)

    monkeypatch.setattr(_reverse, "_give_back", give_back)

    assert services.deliver_reversals(now=clock.now() + timedelta(seconds=1)) == 1
    assert Reversal.objects.get(payment_id=broken.id).last_error == "KeyError"
    assert sandbox_server.succeeded("refund") == 1


def test_an_operator_has_money_given_back_now(office: Client) -> None:
    payment = captured()
    row = reversal_of(
        payment.id, state="stuck", tries=40, next_try_at=clock.now() + timedelta(hours=1)
    )
    listed = office.get("/admin/payments/reversal/?state__exact=stuck")
    assert str(payment.id) in listed.content.decode()

    office.post("/admin/payments/reversal/", {"action": "retry", "_selected_action": [str(row.id)]})

    row.refresh_from_db()
    assert row.state == "done"
    assert amounts(payment.id) == (1000, 1000, 1000, 0, 0)
    assert Entry.objects.filter(action="payments.reversal.retried").count() == 1


def test_an_operator_has_the_gateway_asked_again(office: Client) -> None:
    payment = captured()
    refund_id = new_id()
    services.request_refund(payment_id=payment.id, refund_id=refund_id, amount_minor=5, reason="")

    office.post(
        "/admin/payments/attempt/", {"action": "retry", "_selected_action": [str(refund_id)]}
    )

    assert Attempt.objects.get(id=refund_id).status == "succeeded"
    assert services.retry_attempt(attempt_id=refund_id, viewer=BOSS, now=clock.now())
    assert Entry.objects.filter(action="payments.attempt.retried").count() == 1


def test_nobody_else_retries_anything() -> None:
    ada = Viewer(user_id=new_id(), roles=frozenset({CUSTOMER}))
    for retry, name in (
        (services.retry_attempt, "attempt_id"),
        (services.retry_reversal, "reversal_id"),
        (services.retry_webhook, "webhook_id"),
    ):
        with pytest.raises(Forbidden):
            retry(**{name: new_id()}, viewer=ada, now=clock.now())
    with pytest.raises(NoReversal):
        services.retry_reversal(reversal_id=new_id(), viewer=BOSS, now=clock.now())
    with pytest.raises(NoAttempt):
        services.retry_attempt(attempt_id=new_id(), viewer=BOSS, now=clock.now())


def broken_row(*_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_payment (id, order_id, merchant, provider, method, guest_token_hash, currency, amount)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 'm', 'p', 'tok_of_ada', '', 'EUR', -1)"
        )


def webhook() -> WebhookEvent:
    command = payment_of()
    payload = {
        "id": "evt",
        "type": "t",
        "charge": {"paymentId": str(command.payment_id), "operations": []},
    }
    services.open_payment(command)
    return WebhookEvent.objects.create(
        provider="sandbox", provider_event_id="evt", event_type="t", payload=payload
    )


def test_no_row_of_ours_is_quoted_in_a_webhooks_last_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row = webhook()
    monkeypatch.setattr(_webhook, "apply_event", broken_row)

    assert services.apply_webhooks(now=clock.now()) == 0

    row.refresh_from_db()
    assert row.last_error == "IntegrityError 23514 payments_amount_positive"
    assert "tok_of_ada" not in caplog.text


def test_every_time_a_webhook_is_taken_up_again_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    row, before = webhook(), WEBHOOK_RETRIES._value.get()
    later = clock.now() + timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(_webhook, "apply_event", broken_row)
        for _ in range(3):
            services.apply_webhooks(now=later)
            WebhookEvent.objects.update(next_try_at=later)
    assert WEBHOOK_RETRIES._value.get() == before + 2

    assert services.retry_webhook(webhook_id=row.id, viewer=BOSS, now=later)
    assert services.retry_webhook(webhook_id=row.id, viewer=BOSS, now=later)

    assert WEBHOOK_RETRIES._value.get() == before + 3


def test_a_webhook_that_was_given_up_is_applied_by_an_operator(office: Client) -> None:
    row = webhook()
    WebhookEvent.objects.filter(id=row.id).update(state="failed", tries=12)

    office.post(
        "/admin/payments/webhookevent/", {"action": "retry", "_selected_action": [str(row.id)]}
    )

    row.refresh_from_db()
    assert row.state == "applied"


def test_what_is_kept_of_an_error() -> None:
    assert kept_reason(NoReversal("no reversal 7")) == "NoReversal: no reversal 7"
    assert kept_reason(ValueError("ada@example.com")) == "ValueError"
    assert kept_reason(IntegrityError("Failing row contains (ada@example.com)")) == "IntegrityError"
