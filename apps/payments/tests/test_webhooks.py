"""Webhooks: only genuine ones, each once, in any order, with one result."""

import hashlib
import itertools
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.forms.models import model_to_dict
from hypothesis import given
from hypothesis import strategies as st

from apps.payments import services
from apps.payments.errors import BadSignature, UnknownProvider, UnreadableWebhook
from apps.payments.models import Attempt, JournalEntry, JournalLine, WebhookEvent
from apps.payments.models import Payment as PaymentRow
from apps.payments.tests.factories import amounts, balances, payment_of
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.signatures import holds, signature_of
from sandbox.testing import SECRET, SandboxServer

PATH = "/api/v1/payments/webhooks/sandbox"


def send(event: dict[str, Any], *, at: Any = None, secret: str = SECRET) -> bool:
    body = json.dumps(event).encode()
    sent_at = at or clock.now()
    header = signature_of(body, secret=secret, timestamp=int(sent_at.timestamp()))
    return services.receive_webhook(
        provider="sandbox",
        body=body,
        headers={"Sandbox-Signature": header},
        now=clock.now(),
    )


def history(sandbox_server: SandboxServer, payment_id: Any) -> list[dict[str, Any]]:
    """Six events of one payment, made at the gateway behind our back."""
    body = {"paymentId": str(payment_id), "currency": "EUR"}
    steps = [
        ("authorizations", 1000, str(payment_id)),
        ("captures", 600, str(new_id())),
        ("captures", 400, str(new_id())),
        ("refunds", 300, str(new_id())),
        ("refunds", 200, str(new_id())),
        ("refunds", 500, str(new_id())),
    ]
    for path, amount, attempt in steps:
        sandbox_server.post(
            f"/gateway/v1/{path}",
            {**body, "attemptId": attempt, "amount": amount, "method": "tok_visa"},
        ).raise_for_status()
    return sandbox_server.events()


def state_hash() -> str:
    """All that money depends on, without times and row ids."""
    payments = [
        {
            k: str(v)
            for k, v in model_to_dict(row).items()
            if k not in {"created_at", "updated_at", "id", "order_id"}
        }
        for row in PaymentRow.objects.order_by("id")
    ]
    attempts = sorted(
        Attempt.objects.values_list("operation", "status", "amount", "gateway_reference")
    )
    lines = sorted(JournalLine.objects.values_list("entry__kind", "account_id", "debit", "credit"))
    return hashlib.sha256(repr((payments, attempts, lines)).encode()).hexdigest()


def wipe(payment_id: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE payments_journalline, payments_journalentry, payments_attempt,"
            " payments_payment, payments_webhookevent"
        )


@pytest.mark.django_db(transaction=True)
def test_any_order_and_number_of_the_same_events_leads_to_one_state(
    sandbox_server: SandboxServer,
) -> None:
    command = payment_of()
    events = history(sandbox_server, command.payment_id)
    shuffle = random.Random(7)
    orders = list(itertools.permutations(range(6)))
    states = set()
    for order in shuffle.sample(orders, 60):
        wipe(command.payment_id)
        services.open_payment(command)
        thrice = [*order, *shuffle.sample(order, 6), *shuffle.sample(order, 6)]
        new = [send(events[index]) for index in thrice]
        assert new.count(True) == 6
        assert amounts(command.payment_id) == (1000, 1000, 1000, 0, 0)
        assert JournalEntry.objects.count() == 5
        states.add(state_hash())
    assert len(states) == 1
    assert balances() == {"psp_receivable.sandbox": 0, "sales_clearing": -1000, "refunds": 1000}
    assert services.audit_ledger().clean


@pytest.mark.django_db
def test_the_last_event_alone_says_it_all(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    services.open_payment(command)
    events = history(sandbox_server, command.payment_id)
    assert send(events[-1])
    assert amounts(command.payment_id) == (1000, 1000, 1000, 0, 0)


@pytest.mark.django_db
def test_what_a_webhook_has_told_is_not_booked_again_by_the_answer(
    sandbox_server: SandboxServer,
) -> None:
    command = payment_of()
    services.open_payment(command)
    answer = services.ask_authorization(payment_id=command.payment_id)
    send(sandbox_server.events()[0])
    payment = services.record_authorization(
        payment_id=command.payment_id, answer=answer, now=clock.now()
    )
    assert (payment.status, payment.authorized_minor) == ("AUTHORIZED", 1000)


@pytest.mark.django_db
def test_a_webhook_that_comes_before_its_payment_waits(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    events = history(sandbox_server, command.payment_id)
    assert send(events[5])
    row = WebhookEvent.objects.get()
    assert (row.state, row.tries) == ("received", 1)

    services.open_payment(command)
    assert services.apply_webhooks(now=clock.now()) == 0
    assert services.apply_webhooks(now=clock.now() + timedelta(minutes=1)) == 1
    assert amounts(command.payment_id) == (1000, 1000, 1000, 0, 0)


@pytest.mark.django_db
def test_a_webhook_72_hours_late_is_signed_anew_and_taken(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    services.open_payment(command)
    (event, *_) = history(sandbox_server, command.payment_id)
    assert send({**event, "createdAt": "2020-01-01T00:00:00Z"})
    assert amounts(command.payment_id) == (1000, 0, 0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["old", "future", "secret", "body", "none", "garbage"])
def test_a_webhook_that_is_not_genuine_changes_nothing(
    sandbox_server: SandboxServer, api: Any, fault: str
) -> None:
    command = payment_of()
    services.open_payment(command)
    (event, *_) = history(sandbox_server, command.payment_id)
    body = json.dumps(event).encode()
    now = int(clock.now().timestamp())
    header = {
        "old": signature_of(body, secret=SECRET, timestamp=now - 301),
        "future": signature_of(body, secret=SECRET, timestamp=now + 302),
        "secret": signature_of(body, secret="wrong", timestamp=now),
        "body": signature_of(body, secret=SECRET, timestamp=now),
        "none": "",
        "garbage": "t=٣,v1=é,v1=",
    }[fault]
    sent = body + b" " if fault == "body" else body

    with pytest.raises(BadSignature):
        services.receive_webhook(
            provider="sandbox",
            body=sent,
            headers={"Sandbox-Signature": header},
            now=clock.now(),
        )
    response = api.post(
        PATH,
        sent,
        content_type="application/json",
        headers={"Sandbox-Signature": header.encode("ascii", "ignore").decode()},
    )
    assert response.status_code == 401
    assert WebhookEvent.objects.count() == 0
    assert amounts(command.payment_id) == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_both_secrets_hold_while_they_are_rotated(
    sandbox_server: SandboxServer, settings: Any
) -> None:
    command = payment_of()
    services.open_payment(command)
    events = history(sandbox_server, command.payment_id)
    settings.PAYMENT_WEBHOOK_SECRET = f"the-new-one,{SECRET}"
    assert send(events[0], secret="the-new-one")
    assert send(events[1], secret=SECRET)
    settings.PAYMENT_WEBHOOK_SECRET = "the-new-one"
    with pytest.raises(BadSignature):
        send(events[2], secret=SECRET)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"id": "e", "type": "t", "charge": {}},
        {"id": "e", "type": "t", "charge": {"paymentId": "x", "operations": []}},
        {
            "id": "e",
            "type": "t",
            "charge": {"paymentId": str(new_id()), "operations": [{"kind": "steal"}]},
        },
    ],
)
def test_a_body_that_nobody_understands_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(UnreadableWebhook):
        send(event)
    assert WebhookEvent.objects.count() == 0


def test_a_body_that_is_too_large_is_not_read_in_whole(api: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    path = "/api/v1/payments/webhooks/sandbox"

    assert api.generic("POST", path, b"{" + b" " * 200, "application/json").status_code == 413


def test_an_unknown_provider_has_no_door() -> None:
    with pytest.raises(UnknownProvider):
        services.receive_webhook(provider="nobody", body=b"{}", headers={}, now=clock.now())


@given(body=st.binary(max_size=200), flip=st.integers(min_value=0, max_value=10_000))
def test_no_changed_byte_keeps_the_signature(body: bytes, flip: int) -> None:
    now = clock.now()
    header = signature_of(body, secret=SECRET, timestamp=int(now.timestamp()))
    assert holds(body, header, secrets=[SECRET], now=now)
    index = flip % (len(body) + 1)
    changed = body[:index] + bytes([(body + b"\0")[index] ^ 1]) + body[index + 1 :]
    assert not holds(changed, header, secrets=[SECRET], now=now)
