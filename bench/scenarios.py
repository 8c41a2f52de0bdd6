"""The hot paths, as shoppers and staff take them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from bench.client import Connection
from launcher import demo as people

API = "/api/v1"
WORDS = ("mug", "wool", "steel", "oak", "linen", "garden", "lamp", "coffee", "blue", "large")
BEGUN = ("mu", "woo", "ste", "lin", "gar", "cof", "bl")
ADDRESS = {
    "name": "Bench Buyer",
    "line1": "1 Sample Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}


class Goods:
    """What there is to look at and to buy, read from the storefront once.

    Each client is a process of its own, so what it keeps here (cart, checkout, token) is its own.
    """

    def __init__(self, port: int) -> None:
        self._cart: dict[str, str] = {}
        self._checkout: dict[str, str] = {}
        self._tokens: dict[str, dict[str, str]] = {}
        self._port = port
        connection = Connection(port)
        page = connection.call("GET", f"{API}/storefront/catalog?pageSize=100&inStock=true")
        self.slugs: Sequence[str] = [hit["slug"] for hit in page["results"]]
        products = [
            connection.call("GET", f"{API}/storefront/products/{slug}") for slug in self.slugs
        ]
        self.skus: Sequence[str] = [
            sku["skuId"] for one in products for sku in one["skus"] if sku["available"] > 20
        ]

    def floor(self, connection: Connection, turn: int) -> None:
        """A bare view: one query, no framework of ours."""
        connection.call("GET", f"/floor?slug={quote(self._slug(turn))}")

    def product_page(self, connection: Connection, turn: int) -> None:
        connection.call("GET", f"{API}/storefront/products/{quote(self._slug(turn))}")

    def product_list(self, connection: Connection, turn: int) -> None:
        sort = ("newest", "price", "title")[turn % 3]
        connection.call("GET", f"{API}/storefront/catalog?pageSize=20&sort={sort}")

    def facets(self, connection: Connection, turn: int) -> None:
        """Everything that there is, with facets."""
        connection.call("POST", f"{API}/search?pageSize=20", {"query": ""})

    def search(self, connection: Connection, turn: int) -> None:
        """A word, with facets."""
        connection.call("POST", f"{API}/search?pageSize=20", {"query": WORDS[turn % len(WORDS)]})

    def suggestions(self, connection: Connection, turn: int) -> None:
        connection.call("GET", f"{API}/search/suggestions?q={BEGUN[turn % len(BEGUN)]}")

    def new_cart(self, connection: Connection, turn: int) -> None:
        """A fresh cart of this client's every fifteen turns."""
        if not self._cart or turn % 15 == 0:
            self._cart = connection.call("POST", f"{API}/carts", {})

    def filled_cart(self, connection: Connection, turn: int) -> None:
        """A cart with three lines, made once."""
        if not self._cart:
            self._cart = connection.call("POST", f"{API}/carts", {})
            for number in range(3):
                self._add(connection, self._cart, turn + number)

    def cart_read(self, connection: Connection, turn: int) -> None:
        connection.call("GET", f"{API}/carts/{self._cart['id']}", **self._guest())

    def add_to_cart(self, connection: Connection, turn: int) -> None:
        self._add(connection, self._cart, turn)

    def one_line(self, connection: Connection, turn: int) -> None:
        """A new cart with one line."""
        self._cart = connection.call("POST", f"{API}/carts", {})
        self._add(connection, self._cart, turn)

    def quote(self, connection: Connection, turn: int) -> None:
        """Start the checkout: prices, promotions, tax and shipping, frozen."""
        body = {
            "cartId": self._cart["id"],
            "email": "bench@shop.example",
            "shippingAddress": ADDRESS,
            "shippingMethod": "standard",
            "paymentMethod": "tok_visa",
        }
        self._checkout = connection.call("POST", f"{API}/checkout", body, **self._guest())

    def quoted(self, connection: Connection, turn: int) -> None:
        """A checkout that is ready to be confirmed."""
        self.one_line(connection, turn)
        self.quote(connection, turn)

    def confirm(self, connection: Connection, turn: int) -> None:
        """Order, stock, authorization and capture, the sandbox gateway's time included."""
        path = f"{API}/checkout/{self._checkout['id']}/confirm"
        connection.call("POST", path, {}, **self._guest())

    def checkout(self, connection: Connection, turn: int) -> None:
        """Create a cart, put one thing in, start the checkout, confirm it."""
        self.quoted(connection, turn)
        self.confirm(connection, turn)

    def order_history(self, connection: Connection, turn: int) -> None:
        """The first page of a customer's orders."""
        connection.call("GET", f"{API}/orders", **self._tokens[people.CUSTOMER])

    def stock_adjust(self, connection: Connection, turn: int) -> None:
        body = {"delta": 1, "reason": "bench", "type": "adjustment"}
        path = f"{API}/inventory/{self.skus[turn % len(self.skus)]}/adjust"
        connection.call("POST", path, body, **self._tokens[people.OPERATOR])

    def sign_in(self) -> None:
        """For all clients that are started from now on; a token lasts a quarter of an hour."""
        connection = Connection(self._port)
        for who in (people.CUSTOMER, people.OPERATOR):
            wish = {"email": who, "password": people.PASSWORD}
            answer: dict[str, Any] = connection.call("POST", f"{API}/auth/login", wish)
            self._tokens[who] = {"Authorization": f"Bearer {answer['accessToken']}"}

    def _guest(self) -> dict[str, str]:
        return {"Guest-Token": self._cart["guestToken"]}

    def _add(self, connection: Connection, cart: dict[str, str], turn: int) -> None:
        item = {"skuId": self.skus[turn % len(self.skus)], "quantity": 1}
        token = {"Guest-Token": cart["guestToken"]}
        connection.call("POST", f"{API}/carts/{cart['id']}/items", item, **token)

    def _slug(self, turn: int) -> str:
        return self.slugs[turn % len(self.slugs)]
