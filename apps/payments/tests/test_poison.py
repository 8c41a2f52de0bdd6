"""One payment that cannot be settled stops no other."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from apps.payments import services
from apps.payments.models import Attempt, Reversal
from apps.payments.services import _reconcile, _record, _reverse
from apps.payments.tests.factories import captured, payment_of
from apps.payments.types import OpenPayment
from ecommerce import clock
from sandbox.testing import SandboxServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> set[UUID]:
    """Payments of which the gateway tells what our constraints refuse."""
    poison: set[UUID] = set()

    def refusing(whole: object) -> object:
        def call(payment_id: UUID, *rest: object, **named: object) -> object:
            if payment_id in poison:
                raise IntegrityError("payments_captured_within_authorized")
            return whole(payment_id, *rest, **named)  # type: ignore[operator]  # a service function

        return call

    monkeypatch.setattr(_reconcile, "settle", refusing(_record.settle))
    monkeypatch.setattr(_reverse, "_give_back", refusing(_reverse._give_back))
    return poison


def lost(sandbox_server: SandboxServer) -> OpenPayment:
    command = payment_of(method="tok_lost_answer")
    assert services.authorize(command, now=clock.now()).status == "PENDING"
    return command


def test_lost_answers_behind_a_poisoned_one_are_learned(
    sandbox_server: SandboxServer, poisoned: set[UUID]
) -> None:
    first, second = lost(sandbox_server), lost(sandbox_server)
    poisoned.add(first.payment_id)

    later = clock.now() + timedelta(minutes=1)

    assert services.resolve_attempts(now=later) == 1
    assert Attempt.objects.get(id=second.payment_id).status == "succeeded"


def test_money_goes_back_behind_a_poisoned_reversal(
    sandbox_server: SandboxServer, poisoned: set[UUID]
) -> None:
    payments = [captured(), captured()]
    poisoned.add(payments[0].id)
    now = clock.now()
    services.reverse_orders(
        order_ids=[payment.order_id for payment in payments], cause="called off", seen_at=now
    )

    delivered = services.deliver_reversals(now=now + timedelta(seconds=1))

    assert delivered == 1
    left = Reversal.objects.get(payment_id=payments[0].id)
    assert (left.state, left.tries) == ("pending", 1)
    assert sandbox_server.succeeded("refund") == 1
