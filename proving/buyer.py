"""A shopper: everything goes over the public API, as a browser would do it."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import httpx

from ecommerce.ids import new_id

ADDRESS = {
    "name": "Test Buyer",
    "line1": "1 Sample Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}
_TLS = ssl.create_default_context()
"""Made once: to make one takes longer than most calls of the API, which use none."""


@dataclass(slots=True)
class Buyer:
    """One guest, or customer who signed in, at one web server, with a cart of one line or a few."""

    url: str
    card: str = "tok_visa"
    also: tuple[str, ...] = ()
    """More SKUs for the cart, one unit of each, in this order."""
    coupons: tuple[str, ...] = ()
    checkout_id: str = ""
    guest_token: str = ""
    access_token: str = ""
    key: str = field(default_factory=lambda: str(new_id()))

    def sign_in(self, email: str, password: str) -> None:
        """Be who has this account from now on."""
        wish = {"email": email, "password": password}
        self.access_token = self._send("POST", "/auth/login", wish, status=200)["accessToken"]

    def fill_cart(self, sku_id: str, quantity: int = 1) -> str:
        """Make a cart with this SKU in it, and what else it is to hold; its id."""
        cart = self._send("POST", "/carts", {}, status=201)
        self.guest_token = cart.get("guestToken", "")
        for wanted, units in ((sku_id, quantity), *((other, 1) for other in self.also)):
            item = {"skuId": wanted, "quantity": units}
            self._send("POST", f"/carts/{cart['id']}/items", item, status=201)
        return str(cart["id"])

    def start(self, sku_id: str, quantity: int = 1) -> None:
        """Go to the till: the price is frozen, nothing is bought yet."""
        checkout = {
            "cartId": self.fill_cart(sku_id, quantity),
            "email": "buyer@shop.example",
            "shippingAddress": ADDRESS,
            "shippingMethod": "standard",
            "paymentMethod": self.card,
            "couponCodes": list(self.coupons),
        }
        self.checkout_id = self._send("POST", "/checkout", checkout, status=201)["id"]

    def confirm(self, *, key: str | None = None, url: str | None = None) -> httpx.Response:
        """Buy."""
        return self.request(
            "POST",
            f"/checkout/{self.checkout_id}/confirm",
            {},
            url=url,
            **{"Idempotency-Key": key or self.key},
        )

    def status(self, *, url: str | None = None) -> dict[str, Any]:
        """The checkout as it stands."""
        answer = self.request("GET", f"/checkout/{self.checkout_id}", url=url)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def request(
        self, method: str, path: str, body: Any = None, *, url: str | None = None, **headers: str
    ) -> httpx.Response:
        """Any call of the API as this shopper."""
        if self.guest_token:
            headers["Guest-Token"] = self.guest_token
        if self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        with httpx.Client(timeout=60, trust_env=False, verify=_TLS) as client:
            return client.request(
                method, f"{url or self.url}/api/v1{path}", json=body, headers=headers
            )

    def _send(self, method: str, path: str, body: Any, *, status: int) -> Any:
        answer = self.request(method, path, body)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()


def at_the_till(
    urls: list[str], sku_id: str, *, count: int, quantity: int = 1, card: str = "tok_visa"
) -> list[Buyer]:
    """So many buyers with a started checkout each, spread over the web servers."""
    buyers = [Buyer(url=urls[number % len(urls)], card=card) for number in range(count)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda buyer: buyer.start(sku_id, quantity), buyers))
    return buyers


def all_at_once(buyers: list[Buyer]) -> list[httpx.Response]:
    """Everybody presses the button in the same instant."""
    gate = Barrier(len(buyers))

    def press(buyer: Buyer) -> httpx.Response:
        gate.wait(30)
        return buyer.confirm()

    with ThreadPoolExecutor(len(buyers)) as pool:
        return list(pool.map(press, buyers))
