"""A process that dies anywhere leaves a purchase that a worker brings to its end: money = orders = stock."""

from typing import Any

import pytest

from apps.cart import services as cart
from apps.checkout import services
from apps.checkout.models import Saga as SagaRow
from apps.checkout.tests.factories import (
    Died,
    Stock,
    confirmed,
    customer,
    death_at,
    for_sale,
    open_shop,
    order_statuses,
    resume,
    started,
    stock,
)
from apps.orders import services as orders
from apps.payments import services as payments
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db

ON_THE_WAY = [
    "checkout.after_place",
    "checkout.after_authorize",
    "checkout.in_confirm",
    "checkout.after_confirm",
    "checkout.after_capture",
    "checkout.in_complete",
    "checkout.after_complete",
]
ON_THE_WAY_BACK = ["checkout.in_compensate", "checkout.after_compensate"]


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def books_agree(sandbox: Any, *, sku: Any, sold: int, of: int) -> None:
    """Money taken = orders paid = stock promised; at the gateway too."""
    ids = list(SagaRow.objects.values_list("order_id", flat=True))
    bought = [orders.get_order(order_id=order_id, viewer=SYSTEM) for order_id in ids]
    paid = [order for order in bought if order.status == "PAID"]
    taken = [payments.get_payment(payment_id=o.payment_id, viewer=SYSTEM) for o in paid]
    assert [p.captured_minor for p in taken] == [order.total.amount for order in paid]
    assert sandbox.succeeded("capture") == len(paid)
    assert stock(sku) == Stock(available=of - sold, on_hand=of, reserved=0, allocated=sold)
    assert payments.audit_ledger().clean


@pytest.mark.parametrize("place", ON_THE_WAY)
def test_death_on_the_way_ends_in_one_paid_order(sandbox_server: Any, place: str) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2))

    with death_at(place), pytest.raises(Died):
        confirmed(ada, checkout)
    resume()

    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).status == "COMPLETED"
    assert order_statuses() == ["PAID"]
    books_agree(sandbox_server, sku=mug, sold=2, of=10)
    assert sandbox_server.succeeded("authorize") == 1
    assert len(published("ecommerce.orders.order.paid.v1")) == 1
    assert len(published("ecommerce.checkout.checkout.completed.v1")) == 1


def test_death_before_the_first_commit_leaves_nothing(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2))

    with death_at("checkout.in_place"), pytest.raises(Died):
        confirmed(ada, checkout)

    assert resume() == 0
    assert order_statuses() == []
    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).status == "OPEN"
    assert confirmed(ada, checkout).outcome == "completed"
    books_agree(sandbox_server, sku=mug, sold=2, of=10)


@pytest.mark.parametrize("place", ["checkout.after_authorize", *ON_THE_WAY_BACK])
def test_death_on_the_way_back_ends_with_nothing_taken(sandbox_server: Any, place: str) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_declined")

    with death_at(place), pytest.raises(Died):
        confirmed(ada, checkout)
    resume()

    assert order_statuses() == ["CANCELED"]
    assert cart.get_snapshot(cart_id=checkout.cart_id, viewer=ada).status == "open"
    again = services.get_checkout(checkout_id=checkout.id, viewer=ada)
    assert (again.status, again.attempt) == ("OPEN", 2)
    books_agree(sandbox_server, sku=mug, sold=0, of=10)
    assert len(published("ecommerce.orders.order.canceled.v1")) == 1
    assert len(published("ecommerce.checkout.checkout.failed.v1")) == 1


@pytest.mark.parametrize("place", ["checkout.after_give_back", *ON_THE_WAY_BACK])
def test_death_while_a_hold_is_lifted_ends_with_the_hold_lifted(
    sandbox_server: Any, place: str
) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_capture_declined")

    with death_at(place), pytest.raises(Died):
        confirmed(ada, checkout)
    resume()

    assert order_statuses() == ["CANCELED"]
    assert sandbox_server.succeeded("void") == 1
    books_agree(sandbox_server, sku=mug, sold=0, of=10)


@pytest.mark.parametrize("second", ON_THE_WAY)
@pytest.mark.parametrize("first", ["checkout.after_place", "checkout.after_confirm"])
def test_the_worker_may_die_as_well(sandbox_server: Any, first: str, second: str) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2))

    with death_at(first), pytest.raises(Died):
        confirmed(ada, checkout)
    with death_at(second):
        _resume_or_die()
    resume()

    assert order_statuses() == ["PAID"]
    books_agree(sandbox_server, sku=mug, sold=2, of=10)


def _resume_or_die() -> None:
    try:
        resume()
    except Died:
        return


def test_a_saga_whose_driver_lives_is_left_alone(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))
    with death_at("checkout.after_place"), pytest.raises(Died):
        confirmed(ada, checkout)

    assert services.resume_sagas(now=clock.now()) == 0
    assert SagaRow.objects.get().state == "RUNNING"
    assert resume() == 1
