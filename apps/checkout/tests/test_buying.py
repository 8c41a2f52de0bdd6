"""Buying, with a real gateway process on the other end of the wire."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.cart import services as cart
from apps.checkout import services
from apps.checkout.errors import (
    CheckoutClosed,
    CheckoutExpired,
    CheckoutInFlight,
    CheckoutNotFound,
    PaymentDeclined,
    ShippingUnavailable,
)
from apps.checkout.models import Checkout as CheckoutRow
from apps.checkout.models import Saga as SagaRow
from apps.checkout.tests.factories import (
    HOME,
    Died,
    Stock,
    confirmed,
    customer,
    death_at,
    filled_cart,
    for_sale,
    open_shop,
    operator,
    order_statuses,
    resume,
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
from apps.payments.types import GatewayAnswer
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
    payment = payments.payment_of_order(order_id=order.id)
    assert payment is not None
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


def test_a_declined_card_undoes_everything_and_another_card_buys(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_insufficient_funds")

    with pytest.raises(PaymentDeclined) as refusal:
        confirmed(ada, checkout)

    assert refusal.value.facts["decline_code"] == "insufficient_funds"
    assert order_statuses() == ["CANCELED"]
    assert stock(mug) == Stock(available=10, on_hand=10, reserved=0, allocated=0)
    assert cart.get_snapshot(cart_id=checkout.cart_id, viewer=ada).status == "open"
    again = services.get_checkout(checkout_id=checkout.id, viewer=ada)
    assert (again.status, again.attempt, again.decline_code) == ("OPEN", 2, "insufficient_funds")

    done = confirmed(ada, checkout, method="tok_visa")

    assert done.outcome == "completed"
    assert order_statuses() == ["CANCELED", "PAID"]
    assert stock(mug).allocated == 2
    assert sandbox_server.succeeded("capture") == 1
    assert [s.state for s in SagaRow.objects.order_by("attempt")] == ["COMPENSATED", "COMPLETED"]


def test_a_lost_answer_is_asked_after_and_charged_once(sandbox_server: Any) -> None:
    mug = for_sale("MUG")
    ada = customer()
    checkout = started(ada, (mug, 1), method="tok_lost_answer")

    done = confirmed(ada, checkout)

    assert done.outcome == "pending"
    assert done.checkout.status == "PROCESSING"
    with pytest.raises(CheckoutInFlight):
        confirmed(ada, checkout)
    assert resume() == 1
    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).status == "COMPLETED"
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1
    assert sandbox_server.succeeded("capture") == 1


def test_a_lost_answer_to_the_capture_takes_the_money_once(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1), method="tok_capture_lost_answer")

    assert confirmed(ada, checkout).outcome == "pending"
    assert order_statuses() == ["CONFIRMED"]
    resume()

    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("capture") == 1


def test_a_declined_capture_is_undone_with_the_hold_lifted(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 2), method="tok_capture_declined")

    with pytest.raises(Exception, match="given back"):
        confirmed(ada, checkout)

    assert order_statuses() == ["CANCELED"]
    assert stock(mug).available == 10
    assert sandbox_server.succeeded("void") == 1
    assert (
        services.get_checkout(checkout_id=checkout.id, viewer=ada).failure_code
        == "capture-declined"
    )
    with pytest.raises(CheckoutClosed):
        confirmed(ada, checkout)


def test_a_silent_gateway_lets_the_buyer_go_and_is_asked_again(sandbox_server: Any) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))
    sandbox_server.kill()

    assert confirmed(ada, checkout).outcome == "pending"
    assert order_statuses() == ["PENDING"]
    sandbox_server.restart()
    resume()

    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1


def test_after_twenty_silent_minutes_the_purchase_is_off(
    sandbox_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1))
    silent = GatewayAnswer(outcome="unreachable", attempt_id=checkout.id)
    monkeypatch.setattr(payments, "ask_authorization", lambda **_: silent)
    assert confirmed(ada, checkout).outcome == "pending"

    services.resume_sagas(now=clock.now())
    SagaRow.objects.update(next_attempt_at=clock.now() - timedelta(hours=1))
    services.resume_sagas(now=clock.now() + timedelta(minutes=21))

    assert order_statuses() == ["CANCELED"]
    assert stock(mug).available == 10
    assert services.get_checkout(checkout_id=checkout.id, viewer=ada).failure_code == "no-answer"


def test_what_was_canceled_while_the_bank_was_asked_is_not_charged(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1), method="tok_lost_answer")
    pending = confirmed(ada, checkout)

    orders.cancel_order(
        order_id=pending.checkout.order_id,  # type: ignore[arg-type]
        reason="too slow",
        viewer=ada,
        now=clock.now(),
    )
    resume()

    assert order_statuses() == ["CANCELED"]
    assert sandbox_server.succeeded("authorize") == 1
    assert sandbox_server.succeeded("void") == 1
    assert sandbox_server.succeeded("capture") == 0
    assert stock(mug).available == 10


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


def test_starting_refuses_what_is_short_or_goes_nowhere() -> None:
    mug = for_sale("MUG", stock=1)
    ada = customer()
    cart_id = filled_cart(ada, (mug, 2))

    with pytest.raises(OutOfStock), transaction.atomic():
        services.start_checkout(wish(ada, cart_id), now=clock.now())
    with pytest.raises(ShippingUnavailable) as refusal, transaction.atomic():
        services.start_checkout(wish(ada, cart_id, shipping_method="pigeon"), now=clock.now())

    assert refusal.value.facts["options"] == ["standard"]
    assert CheckoutRow.objects.count() == 0


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


def test_money_that_was_taken_for_a_canceled_order_goes_back_once(sandbox_server: Any) -> None:
    mug = for_sale("MUG", stock=10)
    ada = customer()
    checkout = started(ada, (mug, 1))
    with death_at("checkout.after_capture"), pytest.raises(Died):
        confirmed(ada, checkout)
    order_id = CheckoutRow.objects.get().order_id
    assert order_statuses() == ["CONFIRMED"]

    orders.cancel_order(order_id=order_id, reason="too slow", viewer=ada, now=clock.now())
    resume()
    drain()
    payments.deliver_reversals(now=clock.now() + timedelta(minutes=30))

    assert order_statuses() == ["CANCELED"]
    assert sandbox_server.succeeded("capture") == 1
    assert sandbox_server.succeeded("refund") == 1
    payment = payments.payment_of_order(order_id=order_id)
    assert payment is not None
    assert (payment.captured_minor, payment.refunded_minor) == (1490, 1490)
    assert payments.audit_ledger().clean
    assert stock(mug).available == 10
    failed = services.get_checkout(checkout_id=checkout.id, viewer=ada)
    assert (failed.status, failed.failure_code) == ("FAILED", "order-canceled")


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
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 0
    assert stock(gift).allocated == 1


def test_after_too_many_broken_tries_a_person_is_called(
    sandbox_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = customer()
    checkout = started(ada, (for_sale(), 1))

    def broken(**_: Any) -> None:
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as patched:
        patched.setattr(orders, "confirm_order", broken)
        assert confirmed(ada, checkout).outcome == "pending"
        saga = SagaRow.objects.get()
        assert (saga.state, saga.tries) == ("RUNNING", 1)
        assert "a bug of ours" in saga.last_error
        SagaRow.objects.update(tries=39)
        resume()

    assert SagaRow.objects.get().state == "STUCK"
    assert resume() == 0
    mended = services.retry_saga(saga_id=saga.id, viewer=operator(), now=clock.now())
    assert mended.state == "COMPLETED"
    assert order_statuses() == ["PAID"]
    assert sandbox_server.succeeded("authorize") == 1
