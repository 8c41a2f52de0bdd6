"""A question put on record in the transaction that decides it is asked after the commit, once."""

import pytest
from django.db import transaction

from apps.payments import services
from apps.payments.errors import NoPayment, NotCapturable
from apps.payments.models import Attempt
from apps.payments.tests.factories import authorized, payment_of
from ecommerce import clock
from sandbox.process import SandboxServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_intent_is_asked_outside_of_transactions_only(sandbox_server: SandboxServer) -> None:
    command = payment_of()
    intent = services.open_to_ask(command)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.ask(intent)
    with pytest.raises(NoPayment):
        services.open_to_ask(command)

    assert sandbox_server.succeeded("authorize") == 0
    assert services.ask(intent).outcome == "succeeded"
    assert sandbox_server.succeeded("authorize") == 1


def test_whoever_comes_without_the_intent_asks_what_became_of_it(
    sandbox_server: SandboxServer,
) -> None:
    command = payment_of()
    asked = services.ask(services.open_to_ask(command))

    found = services.ask_authorization(payment_id=command.payment_id)

    assert (found.outcome, found.reference) == ("succeeded", asked.reference)
    assert Attempt.objects.get(id=command.payment_id).tries == 2
    assert sandbox_server.succeeded("authorize") == 1


def test_an_intent_nobody_asked_is_asked_by_the_next(sandbox_server: SandboxServer) -> None:
    payment = authorized()
    assert services.intend_capture(payment_id=payment.id) is not None

    services.capture(payment_id=payment.id, now=clock.now())

    assert sandbox_server.succeeded("capture") == 1


def test_what_cannot_be_captured_is_not_intended(sandbox_server: SandboxServer) -> None:
    payment = authorized()
    services.void(payment_id=payment.id, now=clock.now())

    assert services.intend_capture(payment_id=payment.id) is None
    with pytest.raises(NotCapturable):
        services.ask_capture(payment_id=payment.id)
