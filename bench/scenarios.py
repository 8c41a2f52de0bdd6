"""The hot paths, as shoppers, staff and gateways take them."""

import hashlib
import hmac
import http.client
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from bench.client import Client, decoded, encoded
from launcher import demo as people

API = "/api/v1"
WORDS = ("mug", "wool", "steel", "oak", "linen", "garden", "lamp", "coffee", "blue", "large")
BEGUN = ("mu", "woo", "ste", "lin", "gar", "cof", "bl")
CARD = "tok_visa"
AT_ONCE = "tok_at_once"
"""The bench's own gateway answers this one within the process: a purchase less the gateway's time."""
LINES_OF_A_CART = 15
DEEP_PAGE = 3_750
ADDRESS = {
    "name": "Bench Buyer",
    "line1": "1 Sample Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}


@dataclass(slots=True)
class Shelf:
    """What there is to look at and to buy, and who may do so."""

    url: str
    slugs: Sequence[str]
    skus: Sequence[str]
    categories: Sequence[str]
    deep_page: str = ""
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self) -> None:
        """A token lasts a quarter of an hour."""
        client = PlainClient(self.url)
        for who in (people.CUSTOMER, people.OPERATOR):
            wish = {"email": who, "password": people.PASSWORD}
            answer: dict[str, Any] = client.call("POST", f"{API}/auth/login", wish)
            self.tokens[who] = {"Authorization": f"Bearer {answer['accessToken']}"}

    def slug(self, turn: int) -> str:
        return quote(self.slugs[turn % len(self.slugs)])


class PlainClient:
    """A connection for what is not measured."""

    kept: dict[str, Any] | None = None

    def __init__(self, url: str) -> None:
        self._http = http.client.HTTPConnection(url.rpartition("/")[2], timeout=60)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = encoded(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        self._http.request(method, path, content, headers)
        response = self._http.getresponse()
        return decoded(method, path, response.status, response.read())


def read_shelf(url: str) -> Shelf:
    """Read from the storefront what scenarios ask for."""
    client = PlainClient(url)
    page = client.call("GET", f"{API}/storefront/catalog?pageSize=100&inStock=true")
    slugs = [hit["slug"] for hit in page["results"]]
    products = [client.call("GET", f"{API}/storefront/products/{quote(slug)}") for slug in slugs]
    skus = [sku["skuId"] for one in products for sku in one["skus"] if sku["available"] > 20]
    if not skus:
        raise RuntimeError("nothing that is new has more than twenty units to sell")
    found = client.call("POST", f"{API}/search?pageSize=1", {"query": ""})
    small = [c["value"] for c in found["facets"]["category"] if c["count"] * 10 <= found["total"]]
    return Shelf(url=url, slugs=slugs, skus=skus, categories=small)


Make = Callable[[Shelf, Client, int], Any]
Act = Callable[[Shelf, Client, Any], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One unit of work.

    ``make`` prepares, unmeasured, what a turn needs, of which each turn uses one up; it is told the turn's
    number so that clients do not all ask for the same thing. Without it, ``act`` is told the number itself.
    """

    name: str
    act: Act
    make: Make | None = None


def _bare(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"/floor?slug={shelf.slug(turn)}")


def _stack(shelf: Shelf, client: Client, turn: int) -> None:
    """The bare view's query behind everything that every request of the API goes through, signed in."""
    client.call("GET", f"{API}/stack?slug={shelf.slug(turn)}", **shelf.tokens[people.CUSTOMER])


def _product_page(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"{API}/storefront/products/{shelf.slug(turn)}")


def _category_list(shelf: Shelf, client: Client, turn: int) -> None:
    sort = ("newest", "price", "title")[turn % 3]
    client.call("GET", f"{_list_path(shelf, turn)}&sort={sort}")


def _category_facets(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"{_list_path(shelf, turn)}&facets=true")


def _list_path(shelf: Shelf, turn: int) -> str:
    category = shelf.categories[turn % len(shelf.categories)]
    return f"{API}/storefront/catalog?pageSize=20&category={category}"


def _whole_list(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"{API}/storefront/catalog?pageSize=20&sort=newest")


def _deep_page(shelf: Shelf, client: Client, turn: int) -> None:
    """Far down the same list. The way there, by a hundred a page, is walked once."""
    if not shelf.deep_page:
        shelf.deep_page = _walk(client)
    client.call("GET", shelf.deep_page)


def _walk(client: Client) -> str:
    path = f"{API}/storefront/catalog?sort=newest&pageSize=100"
    for _ in range(DEEP_PAGE * 20 // 100):
        found = client.call("GET", path)["next"]
        if not found:
            break
        path = found[found.index(API) :]
    return path.replace("pageSize=100", "pageSize=20")


def _facets(shelf: Shelf, client: Client, turn: int) -> None:
    """Everything that there is, with facets."""
    client.call("POST", f"{API}/search?pageSize=20", {"query": ""})


def _search(shelf: Shelf, client: Client, turn: int) -> None:
    """A word, with facets."""
    client.call("POST", f"{API}/search?pageSize=20", {"query": WORDS[turn % len(WORDS)]})


def _suggestions(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"{API}/search/suggestions?q={BEGUN[turn % len(BEGUN)]}")


def _order_history(shelf: Shelf, client: Client, turn: int) -> None:
    """The first page of a customer's orders."""
    client.call("GET", f"{API}/orders", **shelf.tokens[people.CUSTOMER])


def _cart_of_three(shelf: Shelf, client: Client, turn: int) -> dict[str, Any]:
    """The same for all turns of a client, since reading uses nothing up."""
    if client.kept is None:
        client.kept = _new_cart(shelf, client, turn, lines=3)
    return client.kept


def _cart_read(shelf: Shelf, client: Client, cart: dict[str, Any]) -> None:
    client.call("GET", f"{API}/carts/{cart['id']}", **_guest(cart))


def _cart_to_fill(shelf: Shelf, client: Client, turn: int) -> tuple[dict[str, Any], str]:
    """A cart, a fresh one every fifteen turns, and what is to be put into it."""
    if client.kept is None or turn % LINES_OF_A_CART == 0:
        client.kept = _new_cart(shelf, client, turn, lines=0)
    return client.kept, _sku(shelf, turn)


def _add_to_cart(shelf: Shelf, client: Client, wish: tuple[dict[str, Any], str]) -> None:
    _add(client, *wish)


def _one_line(shelf: Shelf, client: Client, turn: int) -> dict[str, Any]:
    return _new_cart(shelf, client, turn, lines=1)


def _quote(shelf: Shelf, client: Client, cart: dict[str, Any]) -> None:
    """Start the checkout: prices, promotions, tax and shipping, frozen."""
    _start_checkout(client, cart, CARD)


def _quoted(card: str) -> Make:
    def quoted(shelf: Shelf, client: Client, turn: int) -> tuple[dict[str, Any], str]:
        """A cart and the checkout of it, ready to be confirmed."""
        cart = _new_cart(shelf, client, turn, lines=1)
        return cart, _start_checkout(client, cart, card)["id"]

    return quoted


def _confirm(shelf: Shelf, client: Client, quoted: tuple[dict[str, Any], str]) -> None:
    """Order, stock, authorization and capture."""
    cart, checkout = quoted
    client.call("POST", f"{API}/checkout/{checkout}/confirm", {}, **_guest(cart))


def _whole_checkout(card: str) -> Act:
    def whole_checkout(shelf: Shelf, client: Client, turn: int) -> None:
        """Create a cart, put one thing in, start the checkout, confirm it."""
        _confirm(shelf, client, _quoted(card)(shelf, client, turn))

    return whole_checkout


def _refunded_at_gateway(shelf: Shelf, client: Client, turn: int) -> tuple[bytes, str]:
    """A signed webhook: somebody gave back a cent of a purchase at the gateway itself."""
    if client.kept is None:
        cart, checkout = _quoted(AT_ONCE)(shelf, client, turn)
        client.kept = client.call("POST", f"{API}/checkout/{checkout}/confirm", {}, **_guest(cart))
    refund = {
        "id": f"op_{uuid4().hex}",
        "attemptId": None,
        "kind": "refund",
        "amount": 1,
        "outcome": "succeeded",
    }
    event = {
        "id": f"evt_{uuid4().hex}",
        "type": "refund.succeeded",
        "charge": {"paymentId": client.kept["paymentId"], "operations": [refund]},
    }
    body = json.dumps(event).encode()
    return body, _signed(body)


def _pay_webhook(shelf: Shelf, client: Client, sent: tuple[bytes, str]) -> None:
    body, signature = sent
    path = f"{API}/payments/webhooks/sandbox"
    client.call("POST", path, body, **{"Sandbox-Signature": signature})


def _signed(body: bytes) -> str:
    moment = int(time.time())
    secret = os.environ["PAYMENT_WEBHOOK_SECRET"].encode()
    digest = hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={digest.hexdigest()}"


def _stock_adjust(shelf: Shelf, client: Client, turn: int) -> None:
    body = {"delta": 1, "reason": "bench", "type": "adjustment"}
    path = f"{API}/inventory/{_sku(shelf, turn)}/adjust"
    client.call("POST", path, body, **shelf.tokens[people.OPERATOR])


def _availability(shelf: Shelf, client: Client, turn: int) -> None:
    client.call("GET", f"{API}/availability/{_sku(shelf, turn)}")


def _availability_of_100(shelf: Shelf, client: Client, turn: int) -> None:
    skus = ",".join(_sku(shelf, turn + number) for number in range(100))
    client.call("GET", f"{API}/availability?skuIds={skus}")


def _new_cart(shelf: Shelf, client: Client, turn: int, *, lines: int) -> dict[str, Any]:
    cart: dict[str, Any] = client.call("POST", f"{API}/carts", {})
    for number in range(lines):
        _add(client, cart, _sku(shelf, turn + number))
    return cart


def _add(client: Client, cart: dict[str, Any], sku_id: str) -> None:
    item = {"skuId": sku_id, "quantity": 1}
    client.call("POST", f"{API}/carts/{cart['id']}/items", item, **_guest(cart))


def _start_checkout(client: Client, cart: dict[str, Any], card: str) -> dict[str, Any]:
    body = {
        "cartId": cart["id"],
        "email": "bench@shop.example",
        "shippingAddress": ADDRESS,
        "shippingMethod": "standard",
        "paymentMethod": card,
    }
    begun: dict[str, Any] = client.call("POST", f"{API}/checkout", body, **_guest(cart))
    return begun


def _guest(cart: dict[str, Any]) -> dict[str, str]:
    return {"Guest-Token": cart["guestToken"]}


def _sku(shelf: Shelf, turn: int) -> str:
    return shelf.skus[turn % len(shelf.skus)]


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("bare view", _bare),
        Scenario("middleware stack", _stack),
        Scenario("product page", _product_page),
        Scenario("list of 20 by category", _category_list),
        Scenario("list of 20", _whole_list),
        Scenario("page 3,750 of the list", _deep_page),
        Scenario("facets of a category", _category_facets),
        Scenario("facets over everything", _facets),
        Scenario("search with facets", _search),
        Scenario("suggestions", _suggestions),
        Scenario("cart read", _cart_read, _cart_of_three),
        Scenario("order history", _order_history),
        Scenario("availability", _availability),
        Scenario("availability of 100", _availability_of_100),
        Scenario("add to cart", _add_to_cart, _cart_to_fill),
        Scenario("checkout quote", _quote, _one_line),
        Scenario("confirm", _confirm, _quoted(CARD)),
        Scenario("confirm without the gateway", _confirm, _quoted(AT_ONCE)),
        Scenario("whole checkout", _whole_checkout(CARD)),
        Scenario("whole checkout without the gateway", _whole_checkout(AT_ONCE)),
        Scenario("pay webhook", _pay_webhook, _refunded_at_gateway),
        Scenario("stock adjust", _stock_adjust),
    )
}
