"""Calling an order off: who may, until when, and what goes back."""

import pytest

from apps.inventory import services as inventory
from apps.orders import services
from apps.orders.errors import FulfilmentRefused, NotCancelable, OrderNotFound
from apps.orders.tests.factories import NOW, customer, operator, paid, placed, stocked_and_paid
from ecommerce.audit.models import Entry
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer

pytestmark = pytest.mark.django_db


def test_the_owner_cancels_and_the_stock_is_back() -> None:
    ada = customer()
    order, sku = stocked_and_paid(2, stock=5, viewer=ada)
    assert inventory.availability(sku_ids=[sku])[sku].available == 3

    canceled = services.cancel_order(order_id=order.id, reason="too slow", viewer=ada, now=NOW)

    assert canceled.status == "CANCELED"
    assert canceled.cancelable is False
    stock = inventory.availability(sku_ids=[sku])[sku]
    assert (stock.available, stock.allocated, stock.reserved) == (5, 0, 0)
    (event,) = published("ecommerce.orders.order.canceled.v1")
    assert event.payload["previousStatus"] == "PAID"
    assert event.payload["paymentId"] == str(order.payment_id)
    assert event.payload["reason"] == "too slow"
    assert event.payload["totalMinor"] == 2490


def test_canceling_twice_is_canceling_once() -> None:
    ada = customer()
    order, sku = stocked_and_paid(2, stock=5, viewer=ada)

    services.cancel_order(order_id=order.id, reason="one", viewer=ada, now=NOW)
    again = services.cancel_order(order_id=order.id, reason="two", viewer=ada, now=NOW)

    assert again.status_reason == "one"
    assert inventory.availability(sku_ids=[sku])[sku].available == 5
    assert len(published("ecommerce.orders.order.canceled.v1")) == 1


@pytest.mark.parametrize("stranger", [customer(), Viewer(), Viewer(guest_token_hash="0" * 64)])
def test_to_strangers_the_order_does_not_exist(stranger: Viewer) -> None:
    order = paid()

    with pytest.raises(OrderNotFound):
        services.cancel_order(order_id=order.id, reason="", viewer=stranger, now=NOW)
    with pytest.raises(OrderNotFound):
        services.get_order(order_id=order.id, viewer=stranger)

    assert services.get_order(order_id=order.id, viewer=SYSTEM).status == "PAID"


def test_a_guest_cancels_with_the_token() -> None:
    guest = Viewer(guest_token_hash="a" * 64)
    order = placed(viewer=guest)

    assert (
        services.cancel_order(order_id=order.id, reason="", viewer=guest, now=NOW).status
        == "CANCELED"
    )


def test_once_the_warehouse_began_nobody_cancels() -> None:
    ada = customer()
    order = paid(viewer=ada)
    services.begin_fulfilment(order_id=order.id, now=NOW)

    for viewer in (ada, operator()):
        with pytest.raises(NotCancelable, match="the warehouse is at work"):
            services.cancel_order(order_id=order.id, reason="", viewer=viewer, now=NOW)


def test_after_a_cancellation_the_warehouse_does_not_begin() -> None:
    order = paid()
    services.cancel_order(order_id=order.id, reason="", viewer=SYSTEM, now=NOW)

    with pytest.raises(FulfilmentRefused):
        services.begin_fulfilment(order_id=order.id, now=NOW)


def test_what_the_warehouse_gives_back_can_be_canceled_again() -> None:
    order = paid()
    services.begin_fulfilment(order_id=order.id, now=NOW)
    services.begin_fulfilment(order_id=order.id, now=NOW)
    services.abandon_fulfilment(order_id=order.id, now=NOW)
    services.abandon_fulfilment(order_id=order.id, now=NOW)

    assert len(published("ecommerce.orders.order.updated.v1")) == 2
    assert (
        services.cancel_order(order_id=order.id, reason="", viewer=SYSTEM, now=NOW).status
        == "CANCELED"
    )


def test_an_operators_cancellation_is_put_on_record() -> None:
    order, boss = paid(), operator()
    services.cancel_order(order_id=order.id, reason="fraud", viewer=boss, now=NOW)

    entry = Entry.objects.get(action="orders.order.canceled")
    assert entry.entity_id == str(order.id)
    assert entry.changes == {"status": ["PAID", "CANCELED"]}
