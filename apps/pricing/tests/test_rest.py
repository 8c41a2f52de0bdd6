"""Prices and price lists over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog import services as catalog
from apps.catalog.events import OfferedPrice, OffersReceived
from apps.catalog.types import ProductFields, SkuFields
from apps.pricing import services
from apps.pricing.tests.factories import (
    NOW,
    price_list,
    priced,
)
from ecommerce import clock
from ecommerce.events import publish
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
API = "/api/v1"
EUR = "EUR"


def money(amount: int, currency: str = EUR) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def sku(code: str) -> UUID:
    made = catalog.create_product(ProductFields(title=code), now=NOW, skus=[SkuFields(code=code)])
    catalog.publish_product(product_id=made.product_id, viewer=SYSTEM, now=NOW)
    return made.skus[0].sku_id


@pytest.fixture
def merchandiser(api: JsonClient) -> JsonClient:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"merchandiser"})))
    return api


def test_a_price_is_made_changed_and_retired(merchandiser: JsonClient) -> None:
    body = {"code": "retail", "name": "Retail", "channel": "web", "currency": EUR}
    retail = merchandiser.json_of("post", f"{API}/price-lists", body, status=201)
    mug = sku("MUG")
    wanted = {"priceListId": retail["id"], "skuId": str(mug), "amount": money(1000)}

    made = merchandiser.post(f"{API}/prices", wanted)
    clash = merchandiser.json_of("post", f"{API}/prices", wanted, status=409)
    path = f"{API}/prices/{made.json()['id']}"
    change = {"amount": money(1200), "compareAt": money(1500), "reason": "spring"}
    unsure = merchandiser.put(path, change)
    changed = merchandiser.put(path, change, headers={"If-Match": made["ETag"]})
    found = merchandiser.json_of("get", f"{API}/prices?sku=MUG&currency=EUR", status=200)
    history = merchandiser.json_of("get", f"{API}/prices/history?sku={mug}", status=200)
    retired = merchandiser.json_of("delete", f"{API}/prices/{changed.json()['id']}", status=200)

    assert (made.status_code, unsure.status_code, changed.status_code) == (201, 428, 200)
    assert clash["overlappingPriceId"] == made.json()["id"]
    assert [(price["amount"], price["compareAt"]) for price in found["results"]] == [
        (money(1200), money(1500))
    ]
    assert [price["amount"]["amount"] for price in history["results"]] == [1200, 1000]
    assert changed["Content-Location"].endswith(changed.json()["id"])
    assert retired["validTo"] is not None
    assert merchandiser.get(f"{API}/prices?sku=MUG").json()["results"] == []


def test_prices_are_read_as_of_any_day(api: JsonClient) -> None:
    mug = priced(1000)

    def on(query: str) -> list[int]:
        answer = api.json_of("get", f"{API}/prices?sku={mug}&{query}", status=200)
        return [price["amount"]["amount"] for price in answer["results"]]

    assert on("date=2026-11-20") == []
    assert on("date=2026-11-21&currency=EUR") == [1000]
    assert on("at=2026-11-20T12:00:00Z") == [1000]
    assert on("date=2026-11-21&currency=USD") == []


def test_a_bulk_change_answers_for_each_item(merchandiser: JsonClient) -> None:
    retail, mug, tea = price_list("retail"), sku("MUG"), sku("TEA")
    items = [
        {"skuId": str(mug), "amount": money(1000)},
        {"skuId": "x", "amount": money(-1)},
        {"skuId": str(tea), "amount": money(500, "USD")},
        {"skuId": str(mug), "amount": money(999)},
        None,
        {"skuId": str(new_id()), "amount": money(1)},
    ]

    body = {"priceListId": str(retail), "items": items}
    answer = merchandiser.json_of("post", f"{API}/prices/bulk", body, status=200)

    assert [(one["index"], one["outcome"]) for one in answer["results"]] == [
        (0, "created"),
        (1, "refused"),
        (2, "refused"),
        (3, "refused"),
        (4, "refused"),
        (5, "refused"),
    ]
    assert services.prices_for(
        sku_ids=[mug, tea], channel="web", currency=EUR, now=clock.now()
    ).keys() == {mug}


def test_a_reference_to_nothing_is_refused_where_it_stands(merchandiser: JsonClient) -> None:
    body = {"code": "retail", "name": "Retail", "channel": "web", "currency": EUR}

    def pointers(path: str, body: dict[str, Any]) -> list[str]:
        refusal = merchandiser.json_of("post", f"{API}/{path}", body, status=422)
        return [fault["pointer"] for fault in refusal["errors"]]

    price = {"priceListId": str(price_list("sale")), "skuId": str(new_id()), "amount": money(5)}
    assert pointers("price-lists", {**body, "channel": "nochan"}) == ["/channel"]
    assert pointers("price-lists", {**body, "currency": "XXX"}) == ["/currency"]
    assert pointers("prices", price) == ["/skuId"]


def test_only_merchandisers_write(api: JsonClient) -> None:
    doors = [
        ("post", "price-lists"),
        ("post", "prices"),
        ("put", f"prices/{new_id()}"),
        ("delete", f"prices/{new_id()}"),
        ("post", "prices/bulk"),
        ("post", "promotions"),
        ("post", "coupons"),
        ("get", "coupons/X/status"),
        ("get", "prices/history?sku=X"),
        ("get", "price-lists"),
    ]

    for user, status in (
        (None, 401),
        (Viewer(user_id=new_id(), roles=frozenset({"customer"})), 403),
    ):
        api.force_authenticate(user=user)
        for method, path in doors:
            answer = api.generic_json(method, f"{API}/{path}", {} if method != "get" else None)
            assert answer.status_code == status, (method, path)


def test_a_list_of_prices_costs_the_same_however_long(merchandiser: JsonClient) -> None:
    retail = services.ensure_price_list(channel="web", currency=EUR, now=NOW).id
    for number in range(30):
        priced(100 + number)

    with CaptureQueriesContext(connection) as asked:
        page = merchandiser.json_of(
            "get", f"{API}/price-lists/{retail}/prices?pageSize=25", status=200
        )
    assert len(asked) == 2

    rest = merchandiser.json_of("get", page["next"], status=200)
    assert (len(page["results"]), len(rest["results"])) == (25, 5)


def test_imported_prices_are_set_once(drain: Any) -> None:
    mug, tea = new_id(), new_id()
    for _ in range(2):
        for sku_id, amount in ((mug, 1000), (tea, 500)):
            publish(
                OffersReceived(
                    import_id=new_id(),
                    sku_id=sku_id,
                    sku_code=str(sku_id)[:8],
                    product_id=new_id(),
                    prices=(
                        OfferedPrice(currency=EUR, amount_minor=amount),
                        OfferedPrice(
                            currency="USD", amount_minor=amount + 1, compare_at_minor=2000
                        ),
                    ),
                )
            )
        drain()

    found = services.prices_for(sku_ids=[mug, tea], channel="web", currency="USD", now=clock.now())
    assert [found[one].amount_minor for one in (mug, tea)] == [1001, 501]
    assert found[mug].price_list == "web-usd"
    assert len(published("ecommerce.pricing.price.created.v1")) == 4
