"""Promotions, coupons, tax and quotes over HTTP."""

from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.pricing import services
from apps.pricing.tests.factories import (
    NOW,
    cart,
    coupon,
    line,
    priced,
    promotion,
    taxed,
)
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
    assert made["actions"] == [{"type": "percentage_discount", "value": "20"}]
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
        ({"conditions": {"all": [{"type": "channel_is", "channel": "moon"}]}}, "/conditions/all"),
        ({"conditions": {"all": [{"type": "currency_is", "currency": "XXX"}]}}, "/conditions/all"),
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


def test_a_till_redeems_a_coupon_and_gives_it_back(api: JsonClient) -> None:
    coupon("TILL", usage_limit=1)
    body = {"couponCode": "till", "orderId": str(new_id())}
    assert api.post(f"{API}/coupons/redeem", body).status_code == 401
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))

    used = [api.json_of("post", f"{API}/coupons/redeem", body, status=200) for _ in range(2)]
    other = {**body, "orderId": str(new_id())}
    refusal = api.json_of("post", f"{API}/coupons/redeem", other, status=409)
    unknown = api.post(f"{API}/coupons/redeem", {**body, "couponCode": "none"})
    given_back = api.json_of(
        "post", f"{API}/coupons/release", {"orderId": body["orderId"]}, status=200
    )

    assert [(one["held"], one["redeemed"]) for one in used] == [(0, 1), (0, 1)]
    assert (refusal["code"], unknown.status_code) == ("pricing/coupon-refused", 404)
    assert given_back == {"released": 1}
    assert services.get_coupon("TILL").redeemed == 0


def test_tax_is_calculated(api: JsonClient) -> None:
    taxed("19")
    body = {"country": "DE", "lines": [{"lineId": "1", "amount": money(1190)}]}

    answer = api.json_of("post", f"{API}/taxes/calculate", body, status=200)

    assert (answer["net"], answer["tax"], answer["gross"]) == (money(1000), money(190), money(1190))
    assert answer["lines"][0]["taxRate"] == "19"


def test_tax_is_of_amounts_of_one_currency(api: JsonClient) -> None:
    lines = [{"lineId": name, "amount": money(5, name)} for name in ("EUR", "SEK")]

    refusal = api.json_of(
        "post", f"{API}/taxes/calculate", {"country": "DE", "lines": lines}, status=422
    )

    assert [error["pointer"] for error in refusal["errors"]] == ["/lines"]


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
