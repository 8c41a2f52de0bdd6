"""Buying, with a real gateway process on the other end of the wire."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.cart import services as cart
from apps.checkout import services
from apps.checkout.errors import (
    CheckoutExpired,
    CheckoutNotFound,
    ShippingUnavailable,
)
from apps.checkout.models import Checkout as CheckoutRow
from apps.checkout.models import Saga as SagaRow
from apps.checkout.tests.factories import (
    HOME,
    Stock,
    confirmed,
    customer,
    filled_cart,
    for_sale,
    open_shop,
    order_statuses,
    started,
    stock,
    wish,
)
from apps.checkout.types import ConfirmCheckout
from apps.inventory import services as inventory
from apps.inventory.errors import OutOfStock
from apps.inventory.types import ReserveStock, StockLine
from apps.orders import services as orders
from apps.orders.types import Address
from apps.payments import services as payments
from apps.shipping import services as shipping
from apps.shipping.types import SaveShippingMethod, WeightBand
from ecommerce import clock
from ecommerce.errors import StaleVersion
from ecommerce.events.testing import drain, published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def told_of(key: UUID, aggregate: str) -> list[str]:
    """What was told of the order or the checkout, first to last."""
    names = [e.event_type.split(".") for e in published() if e.partition_key == str(key)]
    return [name for _, _, of, name, _ in names if of == aggregate]


def test_a_checkout_says_what_it_will_cost_and_reserves_nothing() -> None:
    mug, tea = for_sale("MUG", price=1000), for_sale("TEA", price=750)
    ada = customer()

    checkout = started(ada, (mug, 2), (tea, 1))

    assert checkout.status == "OPEN"
    assert checkout.subtotal == Money(2750, "EUR")
    assert checkout.shipping == Money(490, "EUR")
    assert checkout.total == Money(3240, "EUR")
    assert checkout.tax == Money(round(2000 * 21 / 121) + round(750 * 21 / 121) + 85, "EUR")
    assert checkout.order_id is None
    assert stock(mug).available == 10
    assert checkout.expires_at - checkout.created_at == timedelta(minutes=30)


def test_the_weight_chooses_the_price_of_sending() -> None:
    heavy = for_sale("POT", grams=900)

    assert started(customer(), (heavy, 1)).shipping == Money(490, "EUR")
    assert started(customer(), (heavy, 2)).shipping == Money(990, "EUR")


def test_a_bought_cart_is_one_paid_order(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2))

    done = confirmed(ada, checkout)

    assert done.outcome == "completed"
    assert done.checkout.status == "COMPLETED"
    order = orders.get_order(order_id=done.checkout.order_id, viewer=ada)  # type: ignore[arg-type]
    assert (order.status, order.total) == ("PAID", Money(2490, "EUR"))
    assert order.number == done.checkout.order_number
    payment = payments.get_payment(payment_id=order.payment_id, viewer=ada)
    assert (payment.status, payment.captured_minor) == ("CAPTURED", 2490)
    assert stock(mug) == Stock(available=8, on_hand=10, reserved=0, allocated=2)
    assert cart.get_snapshot(cart_id=checkout.cart_id, viewer=ada).status == "completed"
    assert sandbox_server.succeeded("authorize") == 1
    assert sandbox_server.succeeded("capture") == 1
    assert told_of(order.id, "order") == ["created", "confirmed", "paid"]
    assert told_of(checkout.id, "checkout") == ["started", "confirmed", "completed"]


def test_confirming_again_tells_the_same_and_charges_nothing(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    first = confirmed(ada, checkout)
    second = confirmed(ada, checkout)

    assert second == first
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("capture") == 1


def test_what_sold_out_meanwhile_is_refused_and_nothing_is_left_behind() -> None:
    mug = for_sale("MUG", stock=2)
    bob = customer()
    second = started(bob, (mug, 1))
    inventory.reserve_stock(
        ReserveStock(order_id=new_id(), lines=(StockLine(sku_id=mug, quantity=2),))
    )

    with pytest.raises(OutOfStock) as refusal:
        confirmed(bob, second)

    assert refusal.value.facts["lines"][0]["available"] == 0
    assert order_statuses() == []
    assert SagaRow.objects.count() == 0
    assert services.get_checkout(checkout_id=second.id, viewer=bob).status == "OPEN"
    assert cart.get_snapshot(cart_id=second.cart_id, viewer=bob).status == "open"


def test_starting_refuses_what_is_short() -> None:
    mug = for_sale("MUG", stock=1)
    ada = customer()
    cart_id = filled_cart(ada, (mug, 2))

    with pytest.raises(OutOfStock), transaction.atomic():
        services.start_checkout(wish(ada, cart_id), now=clock.now())
    assert CheckoutRow.objects.count() == 0


def test_a_way_that_does_not_go_there_is_refused_with_those_that_do() -> None:
    ada = customer()
    cart_id = filled_cart(ada, (for_sale(), 1))

    with (
        pytest.raises(ShippingUnavailable, match="does not go there") as refusal,
        transaction.atomic(),
    ):
        services.start_checkout(wish(ada, cart_id, shipping_method="pigeon"), now=clock.now())

    assert refusal.value.facts["options"] == ["standard"]
    assert CheckoutRow.objects.count() == 0


def test_what_is_short_is_told_before_what_is_too_heavy() -> None:
    ada = customer()
    brick = for_sale("BRICK", stock=97, grams=300)
    cart_id = filled_cart(ada, (brick, 150))

    with pytest.raises(OutOfStock) as short, transaction.atomic():
        services.start_checkout(wish(ada, cart_id), now=clock.now())
    assert short.value.facts["lines"][0]["available"] == 97

    inventory.receive_stock(sku_id=brick, quantity=103)
    with pytest.raises(ShippingUnavailable, match="45 kg") as heavy, transaction.atomic():
        services.start_checkout(wish(ada, cart_id), now=clock.now())
    assert heavy.value.facts["options"] == []


def test_a_cart_that_changed_after_the_price_was_told_is_not_bought(sandbox_server: Any) -> None:
    mug = for_sale("MUG")
    ada = customer()
    checkout = started(ada, (mug, 1))
    filled_cart(ada, (mug, 1))

    with pytest.raises(Exception, match="version"):
        confirmed(ada, checkout)

    assert order_statuses() == []
    assert sandbox_server.succeeded("authorize") == 0


def test_an_expired_price_is_not_bought() -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))
    CheckoutRow.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    with pytest.raises(CheckoutExpired):
        confirmed(ada, checkout)
    assert services.expire_checkouts() == 1
    with pytest.raises(CheckoutExpired):
        confirmed(ada, checkout)


def test_a_checkout_is_its_owners_alone() -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    for stranger in (customer(), Viewer(), Viewer(guest_token_hash="c" * 64)):
        with pytest.raises(CheckoutNotFound):
            services.get_checkout(checkout_id=checkout.id, viewer=stranger)
        with pytest.raises(CheckoutNotFound):
            confirmed(stranger, checkout)
    with pytest.raises(CheckoutNotFound, match="Only the buyer"):
        confirmed(SYSTEM, checkout)


def test_only_the_version_that_was_shown_is_bought() -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    with pytest.raises(StaleVersion):
        services.confirm_checkout(
            ConfirmCheckout(checkout_id=checkout.id, viewer=ada, version=9), now=clock.now()
        )


def test_the_billing_address_is_kept_apart() -> None:
    ada = customer()
    bill = Address(
        name="Lovelace Ltd", line1="2 Road", city="Paris", postal_code="75001", country="FR"
    )

    checkout = started(ada, (for_sale(), 1), billing_address=bill)

    assert checkout.billing_address == bill
    assert checkout.shipping_address == HOME


def test_what_costs_nothing_is_bought_without_a_payment(sandbox_server: Any) -> None:
    shipping.save_shipping_method(
        SaveShippingMethod(
            code="free", name="Free", bands=(WeightBand(max_weight_grams=30000, price_minor=0),)
        )
    )
    gift = for_sale("GIFT", price=0)
    ada = customer()
    checkout = started(ada, (gift, 1), shipping_method="free")

    done = confirmed(ada, checkout)
    drain()

    assert done.checkout.total == Money(0, "EUR")
    assert done.checkout.payment_id is None
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 0
    assert stock(gift).allocated == 1
