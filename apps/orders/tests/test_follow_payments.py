"""An order tells where its money stands, apart from where its goods are."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.inventory import services as inventory
from apps.orders import services
from apps.orders.errors import OrderRefunded
from apps.orders.models import Order
from apps.orders.tests.factories import (
    NOW,
    customer,
    line_of,
    order_of,
    paid,
    placed,
    stocked_and_paid,
)
from apps.orders.types import LoadedOrder, LoadedStep
from apps.orders.types import Order as OrderView
from apps.payments import services as payments
from apps.payments.types import GatewayAnswer, OpenPayment
from ecommerce.events.testing import drain, published
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.money import Money

pytestmark = pytest.mark.django_db


def shown(order_id: UUID) -> tuple[str, str, int]:
    order = services.get_order(order_id=order_id, viewer=SYSTEM)
    return order.status, order.payment_status, order.refunded.amount


def paid_for() -> OrderView:
    """A PAID order with a payment that holds its money."""
    order = paid()
    take(order)
    drain()
    return order


def take(order: OrderView) -> None:
    payments.open_payment(
        OpenPayment(
            payment_id=order.payment_id, order_id=order.id, amount=order.total, method="tok_visa"
        )
    )
    held = answer(order.payment_id, order.total.amount)
    payments.record_authorization(payment_id=order.payment_id, answer=held, now=NOW)
    taken = answer(new_id(), order.total.amount)
    payments.record_capture(payment_id=order.payment_id, answer=taken, now=NOW)


def give_back(order: OrderView, amount: int | None = None) -> None:
    refund = payments.request_refund(
        payment_id=order.payment_id, refund_id=new_id(), amount_minor=amount, reason="scratched"
    )
    payments.record_refund(
        refund_id=refund.id, answer=answer(refund.id, refund.amount.amount), now=NOW
    )
    drain()


def answer(attempt_id: UUID, amount: int) -> GatewayAnswer:
    return GatewayAnswer(outcome="succeeded", attempt_id=attempt_id, amount_minor=amount)


def test_money_that_went_back_shows_and_the_order_stays_where_it_is() -> None:
    order = paid_for()
    services.begin_fulfilment(order_id=order.id, now=NOW)
    assert shown(order.id) == ("PAID", "PAID", 0)

    give_back(order, 400)
    assert shown(order.id) == ("PAID", "PARTIALLY_REFUNDED", 400)

    give_back(order)
    assert shown(order.id) == ("PAID", "REFUNDED", order.total.amount)


def test_all_the_money_back_before_the_warehouse_began_cancels_the_order_and_frees_its_stock() -> (
    None
):
    order, sku_id = stocked_and_paid(2, stock=5)
    take(order)
    drain()
    give_back(order, 400)
    assert shown(order.id) == ("PAID", "PARTIALLY_REFUNDED", 400)

    give_back(order)

    assert shown(order.id) == ("CANCELED", "REFUNDED", order.total.amount)
    stock = inventory.availability(sku_ids=[sku_id])[sku_id]
    assert (stock.available, stock.allocated) == (5, 0)
    (told,) = published("ecommerce.orders.order.canceled.v1")
    assert told.payload["reason"] == "refunded in full"
    assert len(published("ecommerce.payments.refund.initiated.v1")) == 2


def test_what_is_refunded_while_it_is_picked_is_canceled_once_the_warehouse_gives_it_back() -> None:
    order, sku_id = stocked_and_paid(2, stock=5)
    take(order)
    services.begin_fulfilment(order_id=order.id, now=NOW)
    give_back(order)
    with pytest.raises(OrderRefunded), transaction.atomic():
        services.clear_to_ship(order_id=order.id)

    services.abandon_fulfilment(order_id=order.id, now=NOW)

    assert shown(order.id)[0] == "CANCELED"
    assert inventory.availability(sku_ids=[sku_id])[sku_id].available == 5


def test_an_order_refunded_before_it_was_paid_is_not_begun_unless_somebody_says_so() -> None:
    order = placed()
    take(order)
    services.confirm_order(order_id=order.id, now=NOW)
    give_back(order)
    services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)

    with pytest.raises(OrderRefunded), transaction.atomic():
        services.begin_fulfilment(order_id=order.id, now=NOW)
    held = services.get_order(order_id=order.id, viewer=SYSTEM)
    assert (held.status, held.fulfilment_started_at) == ("PAID", None)

    begun = services.begin_fulfilment(order_id=order.id, now=NOW, also_if_refunded=True)
    assert begun.fulfilment_started_at == NOW
    assert services.clear_to_ship(order_id=order.id, also_if_refunded=True) == begun


def test_a_refund_makes_a_new_version_a_line_of_history_and_news() -> None:
    order = paid_for()
    order = services.begin_fulfilment(order_id=order.id, now=NOW)
    give_back(order)

    history = services.get_history(order_id=order.id, viewer=SYSTEM)
    last = history.history[-1]
    assert (last.status, last.reason, last.version) == ("PAID", "refunded", order.version + 1)
    assert history.version == order.version + 1
    _, told = published("ecommerce.orders.order.updated.v1")
    assert (told.payload["paymentStatus"], told.payload["refundedMinor"]) == (
        "REFUNDED",
        order.total.amount,
    )


def test_news_of_a_refund_that_is_known_changes_nothing() -> None:
    order = paid_for()
    give_back(order, 400)
    version = Order.objects.get(id=order.id).version

    assert not services.note_refunded(payment_id=order.payment_id, refunded_minor=400, now=NOW)
    assert not services.note_refunded(payment_id=order.payment_id, refunded_minor=100, now=NOW)
    assert not services.note_captured(
        payment_id=order.payment_id, captured_minor=order.total.amount, now=NOW
    )
    assert not services.note_refunded(payment_id=new_id(), refunded_minor=1, now=NOW)

    assert Order.objects.get(id=order.id).version == version


def test_the_status_follows_the_order_until_money_is_taken() -> None:
    order = placed()
    assert shown(order.id)[1] == "PENDING"
    services.confirm_order(order_id=order.id, now=NOW)
    assert shown(order.id)[1] == "AUTHORIZED"
    services.cancel_order(order_id=order.id, reason="no", viewer=SYSTEM, now=NOW)
    assert shown(order.id)[1] == "VOIDED"


def test_a_canceled_order_shows_what_it_still_owes() -> None:
    order = paid_for()
    services.cancel_order(order_id=order.id, reason="no", viewer=SYSTEM, now=NOW)
    assert shown(order.id) == ("CANCELED", "PAID", 0)
    give_back(order)
    assert shown(order.id) == ("CANCELED", "REFUNDED", order.total.amount)


def test_money_taken_for_an_order_that_was_never_paid_shows_too() -> None:
    order = placed()
    services.cancel_order(order_id=order.id, reason="no", viewer=SYSTEM, now=NOW)
    take(order)
    drain()
    assert shown(order.id) == ("CANCELED", "PAID", 0)


def test_a_loaded_order_has_a_payment_status() -> None:
    steps = [LoadedStep(status=s, reason="", at=NOW) for s in ("CONFIRMED", "PAID", "CANCELED")]
    order = LoadedOrder(number="OLD-1", placed=order_of(), steps=tuple(steps))
    services.load_orders([order])
    assert shown(order.placed.order_id) == ("CANCELED", "PAID", 0)


def test_customers_see_it_in_the_order_and_in_the_list(api: Any) -> None:
    ada = customer()
    order = paid(viewer=ada)
    services.note_refunded(payment_id=order.payment_id, refunded_minor=90, now=NOW)
    api.force_authenticate(user=ada)

    whole = api.json_of("GET", f"/api/v1/orders/{order.id}", status=200)
    (row,) = api.json_of("GET", "/api/v1/orders", status=200)["results"]

    assert (whole["paymentStatus"], whole["refunded"]) == (
        "PARTIALLY_REFUNDED",
        {"amount": 90, "currency": "EUR"},
    )
    assert row["paymentStatus"] == "PARTIALLY_REFUNDED"
    assert whole["paymentId"] == str(order.payment_id)


def test_an_order_for_nothing_names_no_payment(api: Any) -> None:
    ada = customer()
    gift = order_of(line_of(unit=0), viewer=ada, shipping=0)
    api.force_authenticate(user=ada)
    order = services.place_order(gift)
    assert order.total == Money(0, "EUR")

    found = api.json_of("GET", f"/api/v1/orders/{order.id}", status=200)

    assert found["paymentId"] is None
