"""Every pair of states: the declared ones pass, all others are refused, in Python and in SQL alike."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from apps.orders.domain.transitions import ALLOWED, Status, may_move, sources_of, why_not_cancelable
from apps.orders.models import Order
from apps.orders.tests.factories import placed

DECLARED = {
    (Status.PENDING, Status.CONFIRMED),
    (Status.PENDING, Status.CANCELED),
    (Status.CONFIRMED, Status.PAID),
    (Status.CONFIRMED, Status.CANCELED),
    (Status.PAID, Status.FULFILLED),
    (Status.PAID, Status.CANCELED),
    (Status.FULFILLED, Status.COMPLETED),
}
PAIRS = list(product(Status, Status))


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_only_declared_steps_are_allowed(before: Status, after: Status) -> None:
    assert may_move(before, after) == ((before, after) in DECLARED)


def test_every_state_but_the_first_can_be_reached() -> None:
    assert {after for after in Status if sources_of(after)} == set(Status) - {Status.PENDING}
    assert set(ALLOWED) == set(Status)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_database_declares_the_same_steps(before: Status, after: Status) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_may_move(%s, %s)", [before, after])
        (allowed,) = cursor.fetchone()

    assert allowed == may_move(before, after)


@pytest.mark.django_db
def test_the_database_refuses_an_undeclared_step() -> None:
    order = placed()

    with (
        pytest.raises(IntegrityError, match="does not go from PENDING to PAID"),
        transaction.atomic(),
    ):
        Order.objects.filter(id=order.id).update(status=Status.PAID)

    assert Order.objects.get(id=order.id).status == Status.PENDING


@pytest.mark.parametrize(
    ("status", "started", "why"),
    [
        (Status.PENDING, False, None),
        (Status.CONFIRMED, False, None),
        (Status.PAID, False, None),
        (Status.PAID, True, "the warehouse is at work on the order"),
        (Status.FULFILLED, True, "the order is fulfilled already"),
        (Status.COMPLETED, True, "the order is completed already"),
        (Status.CANCELED, False, "the order is canceled already"),
    ],
)
def test_the_reason_why_not_to_cancel(status: Status, started: bool, why: str | None) -> None:
    assert why_not_cancelable(status, fulfilment_started=started) == why
