"""Carts over HTTP."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cart.models import Cart
from apps.cart.tests.factories import NOW, customer, for_sale
from apps.pricing import services as pricing
from apps.pricing.types import CreatePromotion, IssueCoupon, PriceRow, SetPrices
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
CARTS = "/api/v1/carts"


def guest_cart(api: JsonClient, **body: Any) -> tuple[dict[str, Any], dict[str, str]]:
    cart = api.json_of("post", CARTS, body, status=201)
    return cart, {"Guest-Token": cart["guestToken"]}


def add(
    api: JsonClient, cart: dict[str, Any], sku: object, headers: dict[str, str], **body: Any
) -> Any:
    wanted = {"skuId": str(sku), **body}
    return api.json_of("post", f"{CARTS}/{cart['id']}/items", wanted, status=201, headers=headers)


def test_a_guest_fills_a_cart_and_sees_live_prices(api: JsonClient) -> None:
    mug = for_sale("MUG", 1250, stock=1)
    cart, token = guest_cart(api)

    added = add(api, cart, "MUG", token, quantity=2, price=1, unitPrice={"amount": 1})
    shown = api.json_of("get", f"{CARTS}/{cart['id']}", status=200, headers=token)

    assert added["unitPrice"] == {"amount": 1250, "currency": "EUR"}
    assert (shown["version"], shown["total"]) == (2, {"amount": 2500, "currency": "EUR"})
    [line] = shown["items"]
    assert (line["id"], line["skuId"], line["sku"]) == (added["id"], str(mug), "MUG")
    assert (line["title"], line["quantity"], line["available"]) == ("The MUG", 2, 1)
    [problem] = shown["problems"]
    assert (problem["code"], problem["itemId"], problem["available"]) == (
        "insufficient-stock",
        line["id"],
        1,
    )


def test_the_token_is_told_once_and_again_to_the_same_key_only(api: JsonClient) -> None:
    key = {"Idempotency-Key": "cart-1"}
    first = api.post(CARTS, {}, headers=key)
    again = api.post(CARTS, {}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    token = {"Guest-Token": first.json()["guestToken"]}
    known = api.json_of("post", CARTS, {}, status=200, headers=token)
    assert known["id"] == first.json()["id"]
    assert "guestToken" not in known


def test_no_cart_is_opened_for_a_country_that_is_none(api: JsonClient) -> None:
    refusal = api.json_of("post", CARTS, {"country": "ZZ"}, status=422)

    assert [error["pointer"] for error in refusal["errors"]] == ["/country"]
    assert api.json_of("post", CARTS, {"country": "NL"}, status=201)["country"] == "NL"


def test_no_table_holds_a_guests_token(api: JsonClient) -> None:
    token = api.post(CARTS, {}, headers={"Idempotency-Key": "k"}).json()["guestToken"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM http_idempotency_key")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
    assert len(bodies) == 1
    assert token.encode() not in bodies[0]


def test_a_tag_answers_304_until_a_price_moves(api: JsonClient) -> None:
    mug = for_sale("MUG", 1250)
    cart, token = guest_cart(api)
    add(api, cart, mug, token)
    path = f"{CARTS}/{cart['id']}"
    tag = api.get(path, headers=token)["ETag"]

    same = api.get(path, headers={**token, "If-None-Match": tag})
    prices = pricing.ensure_price_list(channel="web", currency="EUR", now=NOW)
    row = PriceRow(sku_id=mug, amount_minor=1300)
    later = NOW.replace(hour=13)
    pricing.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=later)
    moved = api.get(path, headers={**token, "If-None-Match": tag})

    assert tag.startswith('"2.')
    assert same.status_code == 304
    assert (moved.status_code, moved.json()["total"]["amount"]) == (200, 1300)


def test_a_stale_writer_gets_409_and_the_cart_as_it_is(api: JsonClient) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    add(api, cart, mug, token)
    path = f"{CARTS}/{cart['id']}/items"

    stale = api.post(path, {"skuId": str(mug)}, headers={**token, "If-Match": '"1"'})
    fresh = api.post(path, {"skuId": str(mug)}, headers={**token, "If-Match": '"2.abcdef"'})

    assert (stale.status_code, stale.json()["code"]) == (409, "cart/changed")
    assert stale.json()["cart"]["version"] == 2
    assert stale.json()["cart"]["items"][0]["skuId"] == str(mug)
    assert (fresh.status_code, fresh["ETag"]) == (201, '"3"')


def test_replacing_asks_for_the_version(api: JsonClient) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    path = f"{CARTS}/{cart['id']}/items"
    body = {"items": [{"skuId": str(mug), "quantity": 3}]}

    assert api.put(path, body, headers=token).status_code == 428
    assert api.put(path, body, headers={**token, "If-Match": 'W/"x"'}).status_code == 412
    replaced = api.json_of("put", path, body, status=200, headers={**token, "If-Match": '"1"'})
    line = replaced["items"][0]["id"]
    changed = api.json_of(
        "put", f"{path}/{line}", {"quantity": 1}, status=200, headers={**token, "If-Match": '"2"'}
    )
    gone = api.json_of("delete", f"{path}/{line}", status=200, headers=token)

    assert [cart["itemCount"] for cart in (replaced, changed, gone)] == [3, 1, 0]


@pytest.mark.parametrize("quantity", [-1, 0, 10**9, 0.5, "NaN", None, [], True, "1e3"])
def test_a_quantity_that_is_none_is_refused(api: JsonClient, quantity: Any) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)

    response = api.post(
        f"{CARTS}/{cart['id']}/items", {"skuId": str(mug), "quantity": quantity}, headers=token
    )

    if quantity is not True:
        assert response.status_code == 422, response.json()
    assert response.status_code < 500


def test_a_coupon_is_kept_where_it_brings_something(api: JsonClient) -> None:
    mug = for_sale("MUG", 1000)
    promotion = pricing.create_promotion(
        CreatePromotion(
            code="ten",
            name="Ten",
            effect="percentage_discount",
            percent=Decimal(10),
            needs_coupon=True,
        ),
        now=NOW,
    )
    pricing.issue_coupon(IssueCoupon(code="WELCOME", promotion_id=promotion.id), now=NOW)
    cart, token = guest_cart(api)
    path = f"{CARTS}/{cart['id']}"
    add(api, cart, mug, token)

    refused = api.post(f"{path}/apply-coupon", {"couponCode": "nope"}, headers=token)
    taken = api.json_of(
        "post", f"{path}/apply-coupon", {"couponCode": " wel come"}, status=200, headers=token
    )
    again = api.json_of(
        "post", f"{path}/apply-coupon", {"couponCode": "WELCOME"}, status=200, headers=token
    )
    dropped = api.json_of("delete", f"{path}/coupons/welcome", status=200, headers=token)

    assert (refused.status_code, refused.json()["reason"]) == (422, "coupon-unknown")
    assert (taken["couponCodes"], taken["discount"]["amount"], taken["total"]["amount"]) == (
        ["WELCOME"],
        100,
        900,
    )
    assert taken["appliedPromotions"][0]["amount"] == {"amount": 100, "currency": "EUR"}
    assert again["version"] == taken["version"]
    assert (dropped["couponCodes"], dropped["total"]["amount"]) == ([], 1000)


def test_a_guest_who_signs_in_takes_the_cart_along(api: JsonClient) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    add(api, cart, mug, token, quantity=2)
    body = {"guestCartId": cart["id"]}

    assert api.post(f"{CARTS}/merge", body, headers=token).status_code == 401
    api.force_authenticate(user=customer())
    merged = api.json_of("post", f"{CARTS}/merge", body, status=200, headers=token)
    again = api.json_of("post", f"{CARTS}/merge", body, status=200, headers=token)

    assert merged["cart"]["itemCount"] == again["cart"]["itemCount"] == 2
    assert merged["merged"] == [
        {"skuId": str(mug), "guestQuantity": 2, "quantity": 2, "capped": False}
    ]
    assert again["merged"] == []


def test_signing_in_with_the_guests_token_takes_the_cart_along(api: JsonClient, drain: Any) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    add(api, cart, mug, token, quantity=2)
    account = {"email": "ada@example.com", "password": "correct horse battery"}

    api.json_of("post", "/api/v1/auth/register", account, status=201)
    for _ in range(2):
        tokens = api.json_of("post", "/api/v1/auth/login", account, status=200, headers=token)
        drain()

    bearer = {"Authorization": f"Bearer {tokens['accessToken']}"}
    mine = api.json_of("post", CARTS, {}, status=200, headers=bearer)
    guests = api.json_of("get", f"{CARTS}/{cart['id']}", status=200, headers=token)
    assert (mine["customerId"], mine["itemCount"]) == (tokens["userId"], 2)
    assert (guests["status"], guests["mergedInto"]) == ("merged", mine["id"])
    told = published("ecommerce.accounts.guest.signed_in.v1")
    assert token["Guest-Token"] not in str([event.payload for event in told])


def test_signing_in_as_nobodys_guest_merges_nothing(api: JsonClient, drain: Any) -> None:
    account = {"email": "ada@example.com", "password": "correct horse battery"}
    api.json_of("post", "/api/v1/auth/register", account, status=201)

    api.json_of("post", "/api/v1/auth/login", account, status=200)
    api.json_of(
        "post", "/api/v1/auth/login", account, status=200, headers={"Guest-Token": "unheard-of"}
    )
    drain()

    assert len(published("ecommerce.accounts.guest.signed_in.v1")) == 1
    assert not Cart.objects.exists()


def test_strangers_find_nothing_and_staff_finds_all(api: JsonClient) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    item = add(api, cart, mug, token)["id"]
    path = f"{CARTS}/{cart['id']}"
    doors: list[tuple[str, str, Any]] = [
        ("get", path, None),
        ("get", f"{path}/summary", None),
        ("delete", path, None),
        ("post", f"{path}/items", {"skuId": str(mug)}),
        ("put", f"{path}/items", {"items": []}),
        ("put", f"{path}/items/{item}", {"quantity": 2}),
        ("delete", f"{path}/items/{item}", None),
        ("post", f"{path}/apply-coupon", {"couponCode": "X"}),
        ("delete", f"{path}/coupons/X", None),
        ("post", f"{path}/lock", None),
        ("post", f"{path}/unlock", None),
    ]
    stranger = JsonClient()
    stranger.force_authenticate(user=customer())
    for client in (stranger, JsonClient()):
        for method, door, body in doors:
            headers = {"Guest-Token": "not-the-token", "If-Match": '"2"'}
            answer = client.generic_json(method, door, body, headers=headers)
            assert answer.status_code == 404, (method, door)
    staff = JsonClient()
    staff.force_authenticate(user=Viewer(user_id=customer().user_id, roles=frozenset({"operator"})))
    assert staff.get(path).json()["itemCount"] == 1


def test_adding_takes_seven_statements_with_its_idempotency(api: JsonClient) -> None:
    mug = for_sale("MUG")
    cart, token = guest_cart(api)
    headers = {**token, "Idempotency-Key": "add-1", "If-Match": '"1"'}

    with CaptureQueriesContext(connection) as asked:
        response = api.post(f"{CARTS}/{cart['id']}/items", {"skuId": str(mug)}, headers=headers)

    statements = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert response.status_code == 201
    assert len(statements) == 7, statements


def test_showing_a_cart_costs_the_same_however_full_it_is(
    api: JsonClient, django_assert_num_queries: Any
) -> None:
    cart, token = guest_cart(api, country="DE")
    for code in "ABCDE":
        add(api, cart, for_sale(code), token)

    with django_assert_num_queries(6):
        shown = api.get(f"{CARTS}/{cart['id']}", headers=token)

    assert shown.json()["itemCount"] == 5
