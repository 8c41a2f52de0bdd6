"""A shopper reads the same title on the page, in the cart, at the checkout and on the order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog import services as catalog
from apps.checkout.tests.factories import HOME, for_sale, open_shop
from apps.pim import services as pim
from apps.pim.types import ContentKey, Texts
from ecommerce import clock
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db
Titles = dict[str, str]


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


@pytest.fixture
def mug(drain: Callable[..., Any]) -> str:
    """The id of a SKU whose product has a German and a new English title."""
    sku_id = for_sale("MUG")
    product_id = catalog.find_skus(ids=[sku_id])[sku_id].product_id
    for locale, title in (("de", "Emaillebecher"), ("en", "Enamel mug")):
        key = ContentKey(product_id=product_id, locale=locale)
        texts = Texts(title=title)
        pim.save_draft(key=key, texts=texts, expected_version=None, viewer=SYSTEM, now=clock.now())
        pim.approve_content(key=key, expected_version=1, viewer=SYSTEM, now=clock.now())
    drain()
    return str(sku_id)


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("de", "Emaillebecher"),
        ("de-AT", "Emaillebecher"),
        ("en", "Enamel mug"),
        ("fr", "Enamel mug"),
        ("en-Latn-GB-boont-abcdefgh-abcdefg", "Enamel mug"),
    ],
)
def test_every_room_shows_the_title_of_the_carts_locale(
    api: Any, sandbox_server: Any, mug: str, locale: str, title: str
) -> None:
    cart = api.post("/api/v1/carts", {"locale": locale}).json()
    guest = {"Guest-Token": cart["guestToken"]}
    api.post(f"/api/v1/carts/{cart['id']}/items", {"skuId": mug, "quantity": 1}, headers=guest)
    shown = api.get(f"/api/v1/carts/{cart['id']}", headers=guest).json()
    checkout = api.post("/api/v1/checkout", wish(cart["id"]), headers=guest).json()
    done = api.post(f"/api/v1/checkout/{checkout['id']}/confirm", {}, headers=guest)
    order = api.get(done["Location"], headers=guest).json()
    page = api.get(f"/api/v1/storefront/catalog?locale={locale}").json()

    told = (shown["items"], checkout["lines"], order["lines"], page["results"])
    assert [lines[0]["title"] for lines in told] == [title] * 4


def test_a_title_of_another_locale_costs_no_statement_more(api: Any, mug: str) -> None:
    def statements(locale: str) -> int:
        cart = api.post("/api/v1/carts", {"locale": locale}).json()
        guest = {"Guest-Token": cart["guestToken"]}
        items = f"/api/v1/carts/{cart['id']}/items"
        api.post(items, {"skuId": mug, "quantity": 1}, headers=guest)
        with CaptureQueriesContext(connection) as captured:
            api.get(f"/api/v1/carts/{cart['id']}", headers=guest)
        return len(captured)

    assert statements("de") == statements("en")


def wish(cart_id: str) -> dict[str, Any]:
    """The body that starts a checkout."""
    address = {"name": HOME.name, "line1": HOME.line1, "city": HOME.city}
    return {
        "cartId": cart_id,
        "email": "ada@example.com",
        "shippingAddress": {**address, "postalCode": HOME.postal_code, "country": HOME.country},
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
    }
