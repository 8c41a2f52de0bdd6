"""Buyers who write their own price, quantity, currency or discount, and buy what is no longer in the cart."""

from collections.abc import Iterator
from random import Random
from typing import Any

import httpx

from proving.buyer import ADDRESS, Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab

PRICE, SHIPPING = 1999, 495
QUANTITIES: tuple[Any, ...] = (
    -1, 0, 10**9, 2**31, 2**63, 10**30, 0.5, 1e-9, 1e400, float("nan"), float("-inf"),
    "-1", "NaN", "0x10", "1e3", "", None, [1], {"$gt": 0},
)  # fmt: skip
MONEY: dict[str, Any] = {
    name: value
    for kind in (
        "unit_price",
        "price",
        "amount",
        "total",
        "subtotal",
        "discount",
        "shipping",
        "tax",
    )
    for name, value in (
        (f"{kind}Minor".replace("_p", "P"), 1),
        (kind.replace("_p", "P"), {"amount": -1, "currency": "EUR"}),
        (f"{kind}_minor", 0),
    )
}
"""What a client might say about money, as it might spell it."""
CURRENCIES = ("JPY", "KWD", "USD", "XXX", "eur", "", 978)
_TOTALS = "SELECT total_minor, subtotal_minor FROM orders_order WHERE id = %s"


def _tampered(lab: Lab, report: Report, rounds: int, url: str) -> None:
    goods = lab.shop.seed("goods", str(1000 + rounds * 10))
    coupons = [lab.shop.seed("coupon", "1000", percent) for percent in ("60", "60", "100", "10")]
    lab.shop.settle()
    wrong = [
        *_quantities(url, goods["skuId"]),
        *_currencies(url, goods["skuId"]),
        *_stale(lab, url, goods["skuId"]),
        *_stacked(lab, url, goods["skuId"], coupons),
    ]
    random = Random(0)
    for _ in range(rounds):
        wrong += _own_price(lab, url, goods["skuId"], random)
    below = lab.shop.one("SELECT count(*) FROM orders_order WHERE total_minor < 0")
    orders = lab.shop.one("SELECT count(*) FROM orders_order")
    report.note(orders=orders, quantities=len(QUANTITIES), below_nothing=below, wrong=len(wrong))
    report.expect("tampering that was not refused or ignored", wrong, [])
    report.expect("orders that cost less than nothing", below, 0)
    report.expect_clean(lab.at_rest())


def _quantities(url: str, sku: str) -> Iterator[str]:
    """Each of them wherever a quantity may be said."""
    buyer = Buyer(url=url)
    cart = buyer.fill_cart(sku)
    line = buyer.request("GET", f"/carts/{cart}").json()["items"][0]["id"]
    doors: tuple[tuple[str, str, Any], ...] = (
        ("POST", f"/carts/{cart}/items", lambda said: {"skuId": sku, "quantity": said}),
        ("PUT", f"/carts/{cart}/items", lambda said: {"items": [{"skuId": sku, "quantity": said}]}),
        ("PUT", f"/carts/{cart}/items/{line}", lambda said: {"quantity": said}),
        ("POST", "/prices/resolve", lambda said: {"items": [{"skuId": sku, "quantity": said}]}),
        (
            "POST",
            "/promotions/evaluate",
            lambda said: {"items": [{"skuId": sku, "quantity": said}]},
        ),
        (
            "POST",
            "/shipping/rates/quote",
            lambda said: {"items": [{"skuId": sku, "quantity": said}], "country": "NL"},
        ),
    )
    for method, path, body in doors:
        for said in QUANTITIES:
            answer = _raw(buyer, method, path, body(said))
            if not 400 <= answer.status_code < 500:
                yield f"{method} {path}: quantity {said!r}: {answer.status_code} {answer.text[:100]}"


def _raw(buyer: Buyer, method: str, path: str, body: Any) -> httpx.Response:
    """As Python writes JSON, NaN and Infinity included."""
    import json

    headers = {
        "Guest-Token": buyer.guest_token,
        "Content-Type": "application/json",
        "If-Match": '"2"',
    }
    return httpx.request(
        method,
        f"{buyer.url}/api/v1{path}",
        content=json.dumps(body),
        headers=headers,
        timeout=60,
        trust_env=False,
    )


def _checkout(buyer: Buyer, cart: str, **more: Any) -> httpx.Response:
    body = {
        "cartId": cart,
        "email": "buyer@shop.example",
        "shippingAddress": ADDRESS,
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
        **more,
    }
    return buyer.request("POST", "/checkout", body)


def _bought(lab: Lab, buyer: Buyer, started: httpx.Response, **more: Any) -> tuple[int, int]:
    """What the order cost in the end, by the tables: the total, and the goods alone."""
    started.raise_for_status()
    checkout = started.json()["id"]
    done = buyer.request("POST", f"/checkout/{checkout}/confirm", more)
    done.raise_for_status()
    total, subtotal = lab.shop.rows(_TOTALS, [done.json()["orderId"]])[0]
    return total, subtotal


def _own_price(lab: Lab, url: str, sku: str, random: Random) -> Iterator[str]:
    """With prices of the buyer's own in every body on the way."""
    quantity = random.randint(1, 9)
    buyer = Buyer(url=url)
    cart = buyer.fill_cart(sku)
    line = {"skuId": sku, "quantity": quantity, "items": [MONEY], **MONEY}
    buyer.request("POST", f"/carts/{cart}/items", line).raise_for_status()
    said = {**MONEY, "currency": random.choice(CURRENCIES), "lines": [MONEY], "quoteId": cart}
    total, subtotal = _bought(lab, buyer, _checkout(buyer, cart, **said), **said)
    wanted = (quantity + 1) * PRICE
    if (total, subtotal) != (wanted + SHIPPING, wanted):
        yield f"{quantity + 1} units cost {total}, of that goods {subtotal}, not {wanted + SHIPPING}"


def _currencies(url: str, sku: str) -> Iterator[str]:
    """A cart in a currency that has no price here is refused, or cannot be filled; a line has none of its own."""
    for currency in CURRENCIES:
        buyer = Buyer(url=url)
        made = buyer.request("POST", "/carts", {"currency": currency})
        if made.status_code >= 500:
            yield f"a cart in {currency!r}: {made.status_code}"
        if made.status_code != 201:
            continue
        buyer.guest_token = made.json()["guestToken"]
        path = f"/carts/{made.json()['id']}/items"
        added = buyer.request("POST", path, {"skuId": sku, "quantity": 1})
        if not 400 <= added.status_code < 500:
            yield f"a unit for {added.text[:100]} in {currency!r}: {added.status_code}"


def _stale(lab: Lab, url: str, sku: str) -> Iterator[str]:
    """What was priced is bought or nothing: not a cart that holds more by now, and not at another price."""
    buyer = Buyer(url=url)
    cart = buyer.fill_cart(sku)
    started = _checkout(buyer, cart)
    buyer.request("POST", f"/carts/{cart}/items", {"skuId": sku, "quantity": 5}).raise_for_status()
    answer = buyer.request("POST", f"/checkout/{started.json()['id']}/confirm", {})
    if answer.status_code != 409:
        yield f"a cart that holds more than was priced: {answer.status_code}"


def _stacked(lab: Lab, url: str, sku: str, coupons: list[str]) -> Iterator[str]:
    """The same code many times, and codes of more than a hundred percent together."""
    for codes in (coupons, [coupons[3]] * 10, [*coupons, coupons[0].lower(), f" {coupons[0]} "]):
        buyer = Buyer(url=url)
        started = _checkout(buyer, buyer.fill_cart(sku), couponCodes=codes)
        if 400 <= started.status_code < 500:
            continue
        total, subtotal = _bought(lab, buyer, started)
        least = SHIPPING if len(set(codes)) > 1 else SHIPPING + PRICE - round(PRICE / 10)
        if total != least:
            yield f"with {codes} it costs {total} of {subtotal}, not {least}"


def _control(lab: Lab, report: Report, rounds: int) -> None:
    lab.shop.start_web(1, DJANGO_SETTINGS_MODULE="abusing.unguarded", SHOP_WITHOUT="cart version")
    _tampered(lab, report, rounds, lab.shop.urls[0])


@experiment(
    23,
    "4xx, or the shop's own price; no order costs less than nothing",
    control=_control,
    guard="the look at the cart's version",
    short=10,
    long=1_000,
)
def tampering(lab: Lab, report: Report, rounds: int) -> None:
    """Prices, quantities, currencies and coupons of the buyer's own, and carts that changed meanwhile."""
    lab.shop.start_web()
    _tampered(lab, report, rounds, lab.shop.urls[0])
