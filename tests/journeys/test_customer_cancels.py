"""A customer buys and thinks better of it, over HTTP: money and stock come back, once, and only to whom they are due."""

from typing import Any

import pytest

from ecommerce.ids import new_id
from proving.books import findings, taken
from proving.buyer import Buyer
from proving.shop import LiveShop

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
UNITS = 5
TOTAL = 1999 + 495


@pytest.fixture(scope="module")
def shop(live_shop: LiveShop) -> LiveShop:
    live_shop.start_web()
    return live_shop


@pytest.fixture
def goods(shop: LiveShop) -> str:
    return str(shop.seed("goods", str(UNITS))["skuId"])


def test_a_canceled_order_gives_back_money_and_stock_and_counts_for_nothing(
    shop: LiveShop, goods: str
) -> None:
    customer = somebody(shop)
    money, takings, refunds = taken(shop.totals()), net_takings(shop), succeeded_refunds(shop)
    order = buy(shop, customer, goods)
    assert (order["status"], order["cancelable"]) == ("PAID", True)
    assert stock(shop, goods) == (UNITS, 0, 1)
    assert taken(shop.totals()) - money == TOTAL
    assert net_takings(shop) - takings == TOTAL

    canceled = cancel(customer, order)

    assert canceled.status_code == 200
    assert canceled.json()["status"] == "CANCELED"
    assert stock(shop, goods) == (UNITS, 0, 0), "the stock comes back with the answer"
    shop.settle()
    assert status_of(customer, order) == "CANCELED"
    assert taken(shop.totals()) == money
    assert succeeded_refunds(shop) - refunds == 1
    assert net_takings(shop) == takings
    assert state_of_fulfilment(shop, order) == "CANCELED"
    assert findings(shop) == {}


def test_a_second_cancellation_answers_as_the_first_and_gives_nothing_back_again(
    shop: LiveShop, goods: str
) -> None:
    customer = somebody(shop)
    order = buy(shop, customer, goods)
    first = cancel(customer, order)
    shop.settle()
    refunds = succeeded_refunds(shop)

    second = cancel(customer, order)

    assert second.status_code == 200
    assert but_for_its_money(second.json()) == but_for_its_money(first.json())
    assert (first.json()["paymentStatus"], second.json()["paymentStatus"]) == ("PAID", "REFUNDED")
    assert second.json()["refunded"] == order["total"]
    shop.settle()
    assert succeeded_refunds(shop) == refunds
    assert stock(shop, goods) == (UNITS, 0, 0)
    assert findings(shop) == {}


def but_for_its_money(order: dict[str, Any]) -> dict[str, Any]:
    moved = {"paymentStatus", "refunded", "version", "updatedAt"}
    return {name: value for name, value in order.items() if name not in moved}


def test_nobody_else_can_cancel_it_or_learn_of_it(shop: LiveShop, goods: str) -> None:
    customer = somebody(shop)
    order = buy(shop, customer, goods)
    stranger, passer_by = somebody(shop), Buyer(url=shop.urls[0])

    assert cancel(stranger, order).status_code == 404
    assert cancel(passer_by, order).status_code == 404
    assert stranger.request("GET", f"/orders/{order['id']}").status_code == 404

    shop.settle()
    assert status_of(customer, order) == "PAID"
    assert stock(shop, goods) == (UNITS, 0, 1)
    assert findings(shop) == {}


def test_once_the_warehouse_is_at_work_it_is_too_late(shop: LiveShop, goods: str) -> None:
    customer = somebody(shop)
    order = buy(shop, customer, goods)
    operator = Buyer(url=shop.urls[0])
    operator.sign_in(**shop.seed("staff", "operator"))
    work = operator.request("GET", f"/orders/{order['id']}/fulfillment").json()["id"]
    assert operator.request("POST", f"/fulfillments/{work}/pick").json()["state"] == "PICKING"
    money = taken(shop.totals())

    refused = cancel(customer, order)

    assert refused.status_code == 409
    assert refused.json()["code"] == "orders/not-cancelable"
    assert refused.json()["orderStatus"] == "PAID"
    shop.settle()
    assert status_of(customer, order) == "PAID"
    assert stock(shop, goods) == (UNITS, 0, 1)
    assert taken(shop.totals()) == money
    assert findings(shop) == {}


def somebody(shop: LiveShop) -> Buyer:
    """A new customer, signed in."""
    account = {"email": f"{new_id().hex}@shop.example", "password": "correct-horse-battery"}
    customer = Buyer(url=shop.urls[0])
    assert customer.request("POST", "/auth/register", account).status_code == 201
    customer.sign_in(**account)
    return customer


def buy(shop: LiveShop, customer: Buyer, sku_id: str) -> Any:
    """Buy one; the paid order, once everybody has heard of it."""
    customer.start(sku_id)
    assert customer.confirm().status_code in {200, 202}
    shop.settle()
    order_id = customer.status()["orderId"]
    return customer.request("GET", f"/orders/{order_id}").json()


def cancel(who: Buyer, order: Any) -> Any:
    """Ask for it with a key of its own, as a person who presses again does."""
    return who.request(
        "POST", f"/orders/{order['id']}/cancel", {}, **{"Idempotency-Key": str(new_id())}
    )


def status_of(who: Buyer, order: Any) -> str:
    return str(who.request("GET", f"/orders/{order['id']}").json()["status"])


def state_of_fulfilment(shop: LiveShop, order: Any) -> str:
    return str(shop.one("SELECT state FROM shipping_fulfilment WHERE order_id = %s", [order["id"]]))


def stock(shop: LiveShop, sku_id: str) -> tuple[Any, ...]:
    """(on hand, reserved, allocated)"""
    (row,) = shop.rows(
        "SELECT on_hand, reserved, allocated FROM inventory_stocklevel WHERE sku_id = %s", [sku_id]
    )
    return row


def succeeded_refunds(shop: LiveShop) -> int:
    return shop.sandbox.succeeded("refund")


def net_takings(shop: LiveShop) -> int:
    return int(
        shop.one(
            "SELECT coalesce(sum(gross_minor - canceled_minor), 0) FROM analytics_dailyrevenue"
        )
    )
