"""``--demo-order``: buys something through the public API, and checks every trace that it leaves."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from launcher import demo
from launcher.api import Caller, until
from launcher.demo_parcel import send_parcel
from launcher.processes import LaunchError
from launcher.screen import say

ADDRESS = {
    "name": "Demo Shopper",
    "line1": "Keizersgracht 1",
    "city": "Amsterdam",
    "postalCode": "1015 CJ",
    "country": "NL",
}


def place_demo_order(url: str, *, newest: bool = False) -> None:
    """Be a new customer who buys one thing, then the operator who sends it.

    ``newest`` buys what came in last (an import, say). Raises LaunchError where anything is off.
    """
    say("A demo order")
    shopper, operator = Caller(url), Caller(url)
    operator.sign_in(demo.OPERATOR, demo.PASSWORD)
    email = _register(shopper)
    takings = _takings_today(operator)
    page, sku = _find_something(shopper, newest=newest)
    checkout = _fill_cart(shopper, sku, email)
    order = _buy(shopper, checkout)
    _expect_less_stock(shopper, page, sku)
    send_parcel(shopper, operator, order)
    _expect_takings(operator, takings, order)
    say(f"  ✓ demo order {order['number']}: bought, paid, shipped and counted")


def _register(shopper: Caller) -> str:
    email, password = f"demo-{secrets.token_hex(6)}@shop.example", secrets.token_urlsafe(16)
    shopper.post("/auth/register", {"email": email, "password": password, "firstName": "Demo"})
    shopper.sign_in(email, password)
    say(f"  registered and signed in as {email}")
    return email


def _find_something(shopper: Caller, *, newest: bool) -> tuple[Any, Any]:
    """A product page and one of its SKUs that can be bought."""

    def look() -> tuple[Any, Any] | None:
        order = {"sort": "newest"} if newest else {}
        found = shopper.get("/storefront/catalog", inStock="true", **order)
        for hit in found["results"]:
            page = shopper.get(f"/storefront/products/{hit['slug']}")
            for sku in page["skus"]:
                if sku["available"] > 0 and sku["price"] is not None:
                    return page, sku
        return None

    page, sku = until("a product in stock on the storefront", look)
    say(
        f"  found {page['title']} ({sku['code']}), {money(sku['price'])}, {sku['available']} in stock"
    )
    return page, sku


def _fill_cart(shopper: Caller, sku: Any, email: str) -> Any:
    cart = shopper.post("/carts", {"country": ADDRESS["country"]})
    shopper.post(f"/carts/{cart['id']}/items", {"skuId": sku["skuId"], "quantity": 1})
    say("  put one into the cart")
    options = shopper.post(
        "/shipping/rates/quote",
        {"country": ADDRESS["country"], "items": [{"skuId": sku["skuId"], "quantity": 1}]},
    )
    method = options["options"][0]["code"]
    checkout = shopper.post(
        "/checkout",
        {
            "cartId": cart["id"],
            "email": email,
            "shippingAddress": ADDRESS,
            "shippingMethod": method,
            "paymentMethod": "tok_visa",
        },
    )
    say(
        f"  checkout: {money(checkout['total'])} with {method} shipping {money(checkout['shipping'])}"
        f" and tax {money(checkout['tax'])}"
    )
    _expect(_adds_up(checkout), f"the amounts of the checkout do not add up: {checkout}")
    return checkout


def _adds_up(checkout: Any) -> bool:
    """Goods less discounts, plus shipping, plus the tax where prices come without it."""
    amount = {
        name: checkout[name]["amount"] for name in ("subtotal", "discount", "shipping", "tax")
    }
    extra = 0 if checkout["pricesIncludeTax"] else amount["tax"]
    expected = amount["subtotal"] - amount["discount"] + amount["shipping"] + extra
    return bool(checkout["total"]["amount"] == expected)


def _buy(shopper: Caller, checkout: Any) -> Any:
    """Confirm, and wait until the order is paid."""
    shopper.post(f"/checkout/{checkout['id']}/confirm", {})

    def paid() -> Any:
        now = shopper.get(f"/checkout/{checkout['id']}")
        _expect(now["status"] != "FAILED", f"the checkout failed: {now['failureCode']}")
        return now if now["status"] == "COMPLETED" else None

    order_id = until("the payment", paid)["orderId"]
    order = shopper.get(f"/orders/{order_id}")
    _expect(order["status"] == "PAID", f"the order is {order['status']}, not PAID")
    _expect(order["total"] == checkout["total"], "the order costs something else than the checkout")
    say(f"  order {order['number']} is paid: {money(order['total'])}")
    return order


def _expect_less_stock(shopper: Caller, page: Any, sku: Any) -> None:
    """Others may buy at the same time, so at least one is gone."""

    def less() -> int | None:
        now = shopper.get(f"/storefront/products/{page['slug']}")["skus"]
        left = next(int(s["available"]) for s in now if s["skuId"] == sku["skuId"])
        return left if left < sku["available"] else None

    left = until("the stock to go down", less)
    say(f"  {left} left in stock, of {sku['available']}")


def _takings_today(operator: Caller) -> dict[tuple[str, str], tuple[int, int]]:
    """Orders and gross takings of today by channel and currency."""
    today = datetime.now(UTC).date().isoformat()
    report = operator.get("/reports/daily-revenue", start=today)
    return {
        (day["channel"], day["currency"]): (day["orders"], day["gross"]["amount"])
        for day in _today_or_later(report["days"], today)
    }


def _today_or_later(days: Iterable[Any], today: str) -> list[Any]:
    return [day for day in days if day["day"] >= today]


def _expect_takings(
    operator: Caller, before: dict[tuple[str, str], tuple[int, int]], order: Any
) -> None:
    """Today's revenue counts the order."""
    market = (order["channel"], order["currency"])
    orders, gross = before.get(market, (0, 0))

    def counted() -> tuple[int, int] | None:
        now = _takings_today(operator).get(market, (0, 0))
        enough = now[0] > orders and now[1] >= gross + order["total"]["amount"]
        return now if enough else None

    orders, gross = until("the day's revenue to count the order", counted)
    total = money({"amount": gross, "currency": order["currency"]})
    say(f"  counted: {orders} orders and {total} today in {market[0]}")


def money(value: Any) -> str:
    """An amount in minor units of a currency with two decimals, for people."""
    return f"{value['amount'] / 100:.2f} {value['currency']}"


def _expect(true: bool, otherwise: str) -> None:
    if not true:
        raise LaunchError(f"The demo order went wrong: {otherwise}")
