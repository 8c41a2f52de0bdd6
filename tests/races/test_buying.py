"""The races that lose money elsewhere, over HTTP against several server processes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ecommerce.ids import new_id
from proving.books import findings
from proving.buyer import Buyer, all_at_once, at_the_till
from proving.shop import LiveShop

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
BUYERS, UNITS, SERVERS = 50, 10, 3
Unguard = Callable[..., list[str]]


@pytest.fixture(scope="module")
def shop(live_shop: LiveShop) -> LiveShop:
    live_shop.start_web(SERVERS)
    return live_shop


def orders_of(shop: LiveShop, buyers: list[Buyer]) -> Counter[str]:
    ids = [buyer.checkout_id for buyer in buyers]
    return Counter(
        status
        for (status,) in shop.rows(
            "SELECT status FROM orders_order WHERE checkout_id = ANY(%s::uuid[])", [ids]
        )
    )


def test_fifty_buyers_of_ten_units_make_ten_orders_and_forty_clean_refusals(
    shop: LiveShop,
) -> None:
    goods = shop.seed("goods", str(UNITS))
    buyers = at_the_till(shop.urls, goods["skuId"], count=BUYERS)
    captures = shop.sandbox.succeeded("capture")

    answers = all_at_once(buyers)

    assert Counter(answer.status_code for answer in answers) == {200: UNITS, 409: BUYERS - UNITS}
    refusals = [answer.json() for answer in answers if answer.status_code == 409]
    assert {refusal["code"] for refusal in refusals} == {"inventory/out-of-stock"}
    shop.settle()
    assert orders_of(shop, buyers) == {"PAID": UNITS}
    assert shop.sandbox.succeeded("capture") - captures == UNITS
    assert left(shop, goods["skuId"]) == (UNITS, 0, UNITS)
    assert findings(shop) == {}


def test_fifty_buyers_with_ample_stock_make_fifty_orders(shop: LiveShop) -> None:
    goods = shop.seed("goods", str(BUYERS * 2))
    buyers = at_the_till(shop.urls, goods["skuId"], count=BUYERS)

    answers = all_at_once(buyers)

    refused = [answer.text for answer in answers if answer.status_code not in (200, 202)]
    assert refused == []
    shop.settle()
    assert orders_of(shop, buyers) == {"PAID": BUYERS}
    assert left(shop, goods["skuId"]) == (BUYERS * 2, 0, BUYERS)
    assert findings(shop) == {}


def test_one_checkout_confirmed_five_times_at_once_is_bought_once(shop: LiveShop) -> None:
    goods = shop.seed("goods", "50")
    (buyer,) = at_the_till(shop.urls, goods["skuId"], count=1)
    before = shop.sandbox.succeeded("authorize")
    presses = moved([replace(buyer, key=str(new_id())) for _ in range(5)], shop.urls)

    answers = all_at_once(presses)

    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    shop.settle()
    assert orders_of(shop, [buyer]) == {"PAID": 1}
    assert shop.sandbox.succeeded("authorize") - before == 1
    assert findings(shop) == {}


def test_the_same_button_pressed_thirty_two_times_with_one_key_answers_alike(
    shop: LiveShop,
) -> None:
    goods = shop.seed("goods", "50")
    (buyer,) = at_the_till(shop.urls, goods["skuId"], count=1)
    presses = moved([buyer] * 32, shop.urls)

    answers = all_at_once(presses)

    bought = {a.json()["orderId"] for a in answers if a.status_code == 200}
    assert len(bought) <= 1
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    shop.settle()
    assert buyer.confirm().status_code == 200
    assert orders_of(shop, [buyer]) == {"PAID": 1}


@pytest.fixture
def unguarded(shop: LiveShop) -> Iterator[Unguard]:
    """Web servers of the same shop with a guard off; the constraints behind it are put back."""
    first = len(shop.webs)

    def start(guard: str, *constraints: str) -> list[str]:
        for constraint in constraints:
            table, name = constraint.split(".")
            shop.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            shop.execute(f"DROP INDEX IF EXISTS {name}")
        shop.start_web(SERVERS, DJANGO_SETTINGS_MODULE="proving.unguarded", SHOP_WITHOUT=guard)
        return shop.urls[first:]

    yield start
    shop.drop_webs(first)


def test_control_without_the_lock_more_is_sold_than_there_is(
    shop: LiveShop, unguarded: Unguard
) -> None:
    goods = shop.seed("goods", str(UNITS))
    buyers = at_the_till(shop.urls[:SERVERS], goods["skuId"], count=BUYERS)
    urls = unguarded("stock", "inventory_stocklevel.inventory_level_promises_covered")

    answers = all_at_once(moved(buyers, urls))

    assert sum(answer.status_code in (200, 202) for answer in answers) > UNITS
    assert "promised stock is not the sum of the open reservations" in findings(shop)


def test_control_with_no_wait_for_the_lock_good_sales_are_refused(
    shop: LiveShop, unguarded: Unguard
) -> None:
    goods = shop.seed("goods", str(BUYERS * 2))
    buyers = at_the_till(shop.urls[:SERVERS], goods["skuId"], count=BUYERS)

    answers = all_at_once(moved(buyers, unguarded("patience")))

    assert any(answer.status_code not in (200, 202) for answer in answers)


def test_control_with_no_look_at_the_status_one_cart_is_bought_again_and_again(
    shop: LiveShop, unguarded: Unguard
) -> None:
    goods = shop.seed("goods", "50")
    (buyer,) = at_the_till(shop.urls[:SERVERS], goods["skuId"], count=1)
    before = shop.sandbox.succeeded("authorize")
    urls = unguarded(
        "once",
        "checkout_checkout.checkout_one_in_flight_per_cart",
        "orders_order.orders_one_live_order_per_checkout",
    )

    all_at_once(moved([replace(buyer, key=str(new_id())) for _ in range(5)], urls))

    assert shop.sandbox.succeeded("authorize") - before > 1


def moved(buyers: list[Buyer], urls: list[str]) -> list[Buyer]:
    """The same buyers at other web servers."""
    return [replace(one, url=urls[number % len(urls)]) for number, one in enumerate(buyers)]


def left(shop: LiveShop, sku_id: str) -> tuple[int, int, int]:
    """(on hand, reserved, allocated) over all locations."""
    (row,) = shop.rows(
        "SELECT sum(on_hand)::int, sum(reserved)::int, sum(allocated)::int"
        " FROM inventory_stocklevel WHERE sku_id = %s",
        [sku_id],
    )
    return row[0], row[1], row[2]
