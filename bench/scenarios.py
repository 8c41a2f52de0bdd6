"""The hot paths, as a shopper takes them."""

from collections.abc import Sequence
from urllib.parse import quote

from bench.client import Connection

API = "/api/v1"
WORDS = ("mug", "wool", "steel", "oak", "linen", "garden", "lamp", "coffee", "blue", "large")
ADDRESS = {
    "name": "Bench Buyer",
    "line1": "1 Sample Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}


class Goods:
    """What there is to look at and to buy, read from the storefront once."""

    def __init__(self, port: int) -> None:
        self._cart: dict[str, str] | None = None
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

    def search(self, connection: Connection, turn: int) -> None:
        """With facets."""
        body = {"query": WORDS[turn % len(WORDS)]}
        connection.call("POST", f"{API}/search?pageSize=20", body)

    def new_cart(self, connection: Connection, turn: int) -> None:
        """A fresh cart of this client's every fifteen turns."""
        if self._cart is None or turn % 15 == 0:
            self._cart = connection.call("POST", f"{API}/carts", {})

    def add_to_cart(self, connection: Connection, turn: int) -> None:
        if self._cart is None:
            raise RuntimeError("new_cart comes first")
        self._add(connection, self._cart, turn)

    def checkout(self, connection: Connection, turn: int) -> None:
        """Create a cart, put one thing in, start the checkout, confirm it."""
        cart = connection.call("POST", f"{API}/carts", {})
        self._add(connection, cart, turn)
        token = {"Guest-Token": cart["guestToken"]}
        body = {
            "cartId": cart["id"],
            "email": "bench@shop.example",
            "shippingAddress": ADDRESS,
            "shippingMethod": "standard",
            "paymentMethod": "tok_visa",
        }
        checkout = connection.call("POST", f"{API}/checkout", body, **token)
        connection.call("POST", f"{API}/checkout/{checkout['id']}/confirm", {}, **token)

    def _add(self, connection: Connection, cart: dict[str, str], turn: int) -> None:
        item = {"skuId": self.skus[turn % len(self.skus)], "quantity": 1}
        token = {"Guest-Token": cart["guestToken"]}
        connection.call("POST", f"{API}/carts/{cart['id']}/items", item, **token)

    def _slug(self, turn: int) -> str:
        return self.slugs[turn % len(self.slugs)]
