"""Prices, promotions, coupons, tax and quotes over HTTP."""

from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog import services as catalog
from apps.catalog.events import OfferedPrice, OffersReceived
from apps.catalog.types import ProductFields, SkuFields
from apps.pricing import services
from apps.pricing.tests.factories import (
    NOW,
    cart,
    coupon,
    line,
    price_list,
    priced,
    promotion,
    taxed,
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
    retail, mug, tea = price_list("retail"), new_id(), new_id()
    items = [
        {"skuId": str(mug), "amount": money(1000)},
        {"skuId": "x", "amount": money(-1)},
        {"skuId": str(tea), "amount": money(500, "USD")},
        {"skuId": str(mug), "amount": money(999)},
        None,
    ]

    body = {"priceListId": str(retail), "items": items}
    answer = merchandiser.json_of("post", f"{API}/prices/bulk", body, status=200)

    assert [(one["index"], one["outcome"]) for one in answer["results"]] == [
        (0, "created"),
        (1, "refused"),
        (2, "refused"),
        (3, "refused"),
        (4, "refused"),
    ]
    assert services.prices_for(
        sku_ids=[mug, tea], channel="web", currency=EUR, now=clock.now()
    ).keys() == {mug}


def test_a_promotion_is_written_in_conditions_and_actions(merchandiser: JsonClient) -> None:
    category = str(new_id())
    rule = {
        "code": "promo-2026-summer",
        "name": "Summer",
        "priority": 100,
        "conditions": {
            "all": [
                {"type": "category_in", "categoryId": category},
                {"type": "channel_is", "channel": "web"},
                {"type": "subtotal_at_least", "amount": money(5000)},
            ]
        },
        "actions": [{"type": "percentage_discount", "value": 20}],
        "stacking": "exclusive",
    }

    made = merchandiser.json_of("post", f"{API}/promotions", rule, status=201)
    again = merchandiser.json_of("post", f"{API}/promotions", rule, status=409)
    active = merchandiser.json_of("get", f"{API}/promotions/active?channel=web", status=200)
    merchandiser.json_of(
        "put", f"{API}/promotions/{made['id']}/status", {"status": "paused"}, status=200
    )

    assert again["code"] == "pricing/promotion-exists"
    assert made["conditions"]["all"] == [
        {"type": "channel_is", "channel": "web"},
        {"type": "currency_is", "currency": "EUR"},
        {"type": "subtotal_at_least", "amount": money(5000)},
        {"type": "category_in", "categoryIds": [category]},
    ]
    assert made["actions"] == [{"type": "percentage_discount", "value": "20.0000"}]
    assert [one["id"] for one in active["results"]] == [made["id"]]
    assert merchandiser.get(f"{API}/promotions/active").json()["results"] == []
    [told] = published("ecommerce.pricing.promotion.state_changed.v1")
    assert (told.payload["fromStatus"], told.payload["toStatus"]) == ("active", "paused")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"actions": [{"type": "percentage_discount", "value": 101}]}, "/actions/0/value"),
        ({"actions": [{"type": "fixed_discount", "value": 5}]}, "/actions/0/value"),
        ({"conditions": {"all": [{"type": "sku_in"}]}}, "/conditions/all/0/skuIds"),
        ({"actions": []}, "/actions"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused_where_it_does_not(
    merchandiser: JsonClient, changes: dict[str, Any], pointer: str
) -> None:
    rule = {
        "code": "odd",
        "name": "Odd",
        "actions": [{"type": "percentage_discount", "value": 5}],
        **changes,
    }

    refusal = merchandiser.json_of("post", f"{API}/promotions", rule, status=422)

    assert pointer in [fault["pointer"] for fault in refusal["errors"]]


def test_items_are_evaluated_without_a_trace(api: JsonClient) -> None:
    mug = priced(1000, sku_id=sku("MUG"))
    taxed("19")
    promotion("ten", percent=10)
    promotion("rich", percent=10, min_subtotal_minor=10_000, currency=EUR)
    body = {"country": "DE", "items": [{"skuId": str(mug), "quantity": 2}]}

    shown = api.json_of("post", f"{API}/promotions/evaluate", body, status=200)
    resolved = api.json_of("get", f"{API}/prices/resolve?sku=MUG&country=DE&quantity=2", status=200)
    many = api.json_of(
        "post",
        f"{API}/prices/resolve",
        {**body, "items": [*body["items"], {"skuId": str(sku("BARE"))}, {"skuId": str(new_id())}]},
        status=200,
    )

    assert (shown["total"], shown["discount"], shown["tax"]) == (
        money(1800),
        money(200),
        money(287),
    )
    assert [(one["rule"], one["outcome"], one["code"]) for one in shown["reasons"]] == [
        ("promotion:ten", "applied", "percentage_discount"),
        ("promotion:rich", "refused", "min-subtotal"),
    ]
    assert resolved["prices"]["total"] == many["prices"]["total"] == money(1800)
    assert len(many["missingSkuIds"]) == 2


def test_a_coupon_is_issued_asked_about_and_watched(
    merchandiser: JsonClient, api: JsonClient
) -> None:
    mug = priced(1000, sku_id=sku("MUG"))
    rule = promotion("ten", percent=10, needs_coupon=True)
    body = {"code": "hello", "promotionId": str(rule.id), "usageLimit": 1}
    ask = {"items": [{"skuId": str(mug)}], "couponCode": "Hello"}

    issued = merchandiser.json_of("post", f"{API}/coupons", body, status=201)
    yes = api.json_of("post", f"{API}/coupons/validate", ask, status=200)
    services.hold_coupons(order_id=new_id(), codes=["HELLO"], customer_id=None, now=NOW)
    no = api.json_of("post", f"{API}/coupons/validate", ask, status=200)
    status = merchandiser.json_of("get", f"{API}/coupons/hello/status", status=200)

    assert issued["code"] == "HELLO"
    assert (yes["decision"], yes["discount"]) == ("accepted", money(100))
    assert (no["decision"], no["reasons"][0]["code"]) == ("refused", "coupon-used-up")
    assert (status["held"], status["redeemed"]) == (1, 0)


def test_tax_is_calculated(api: JsonClient) -> None:
    taxed("19")
    body = {"country": "DE", "currency": EUR, "lines": [{"lineId": "1", "amount": 1190}]}

    answer = api.json_of("post", f"{API}/taxes/calculate", body, status=200)

    assert (answer["net"], answer["tax"], answer["gross"]) == (money(1000), money(190), money(1190))


def test_a_quote_is_shown_and_replayed_for_staff_only(api: JsonClient) -> None:
    mug = priced(1999)
    coupon("SAVE")
    quote = services.quote_cart(cart(line(mug, 3), coupon_codes=("SAVE",), record=True), now=NOW)
    path = f"{API}/pricing/quotes/{quote.id}"

    assert api.get(path).status_code == 401
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    assert api.get(f"{path}/replay").status_code == 403
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    shown = api.json_of("get", path, status=200)
    replayed = api.json_of("get", f"{path}/replay", status=200)

    assert (shown["total"], shown["inputsVersion"]) == (money(5397), quote.inputs_version)
    assert (replayed["identical"], replayed["replayedTotal"]) == (True, money(5397))
    assert api.get(f"{API}/pricing/quotes/{new_id()}").status_code == 404


def test_the_command_replays_a_quote() -> None:
    quote = services.quote_cart(cart(line(priced(1999)), record=True), now=NOW)
    said = StringIO()

    call_command("replay_quote", str(quote.id), stdout=said)

    assert "19.99 EUR" in said.getvalue()
    assert "identical" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("replay_quote", str(new_id()), stdout=said)


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
