"""Buying over HTTP."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import services as accounts
from apps.checkout.models import Saga as SagaRow
from apps.checkout.tests.factories import (
    Died,
    customer,
    death_at,
    filled_cart,
    for_sale,
    open_shop,
    operator,
    order_statuses,
    resume,
    stock,
)
from apps.shipping import services as shipping
from ecommerce import steps
from ecommerce.audit.models import Entry
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
ADDRESS = {
    "name": "Ada Byron",
    "line1": "1 Dorset Street",
    "city": "Amsterdam",
    "postalCode": "1011 AB",
    "country": "NL",
}


@pytest.fixture(autouse=True)
def _shop() -> None:
    open_shop()


def body_of(cart_id: UUID | str, **changes: Any) -> dict[str, Any]:
    return {
        "cartId": str(cart_id),
        "email": "ada@example.com",
        "shippingAddress": ADDRESS,
        "shippingMethod": "standard",
        "paymentMethod": "tok_visa",
        **changes,
    }


def test_a_customer_buys(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG", price=1000), 2))

    made = api.post("/api/v1/checkout", body_of(cart_id))
    checkout = made.json()

    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/checkout/{checkout['id']}"
    assert checkout["total"] == {"amount": 2490, "currency": "EUR"}
    assert checkout["orderId"] is None
    assert api.get(made["Location"]).json() == checkout

    done = api.post(
        f"/api/v1/checkout/{checkout['id']}/confirm", {}, headers={"If-Match": made["ETag"]}
    )

    assert done.status_code == 200
    assert done.json()["status"] == "COMPLETED"
    assert done["Location"] == f"/api/v1/orders/{done.json()['orderId']}"
    order = api.get(done["Location"]).json()
    assert (order["status"], order["number"]) == ("PAID", done.json()["orderNumber"])


def test_a_guest_buys_with_the_token(api: Any, sandbox_server: Any) -> None:
    mug = for_sale("MUG")
    cart = api.post("/api/v1/carts", {}).json()
    headers = {"Guest-Token": cart["guestToken"]}
    added = api.post(
        f"/api/v1/carts/{cart['id']}/items", {"skuId": str(mug), "quantity": 1}, headers=headers
    )
    assert added.status_code in (200, 201), added.content
    checkout = api.post("/api/v1/checkout", body_of(cart["id"]), headers=headers).json()

    path = f"/api/v1/checkout/{checkout['id']}"
    assert api.get(path).status_code == 404
    done = api.post(f"{path}/confirm", {}, headers=headers)

    assert done.status_code == 200
    assert api.get(done["Location"]).status_code == 404
    assert api.get(done["Location"], headers=headers).json()["status"] == "PAID"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"shippingAddress": {**ADDRESS, "country": "XX"}}, "/shippingAddress/country"),
        ({"shippingAddress": {**ADDRESS, "postalCode": ""}}, "/shippingAddress/postalCode"),
        ({"cartId": "1"}, "/cartId"),
        ({"paymentMethod": None}, "/paymentMethod"),
    ],
)
def test_what_is_wrong_is_pointed_at(api: Any, change: dict[str, Any], pointer: str) -> None:
    response = api.post("/api/v1/checkout", body_of(new_id(), **change))

    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]


def test_what_the_client_says_about_money_is_not_heard(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG", price=1000), 1))
    body = body_of(
        cart_id, total={"amount": 1, "currency": "EUR"}, status="COMPLETED", orderId=str(new_id())
    )

    checkout = api.post("/api/v1/checkout", body).json()

    assert checkout["total"]["amount"] == 1490
    assert checkout["status"] == "OPEN"


def test_a_declined_card_is_a_conflict_and_another_one_buys(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG"), 1))
    checkout = api.post("/api/v1/checkout", body_of(cart_id, paymentMethod="tok_declined")).json()
    path = f"/api/v1/checkout/{checkout['id']}/confirm"

    refused = api.post(path, {}, headers={"Idempotency-Key": "buy"})
    bought = api.post(path, {"paymentMethod": "tok_visa"}, headers={"Idempotency-Key": "buy-2"})

    assert refused.status_code == 409
    assert refused.json()["code"] == "checkout/payment-declined"
    assert refused.json()["declineCode"] == "card_declined"
    assert bought.status_code == 200
    assert order_statuses() == ["CANCELED", "PAID"]


def test_an_unknown_answer_is_accepted_and_told_later(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG"), 1))
    checkout = api.post(
        "/api/v1/checkout", body_of(cart_id, paymentMethod="tok_lost_answer")
    ).json()
    path = f"/api/v1/checkout/{checkout['id']}"

    pending = api.post(f"{path}/confirm", {})
    meanwhile = api.post(f"{path}/confirm", {})
    resume()

    assert (pending.status_code, pending["Location"]) == (202, path)
    assert pending.json()["status"] == "PROCESSING"
    assert (meanwhile.status_code, meanwhile["Retry-After"]) == (409, "1")
    assert api.get(path).json()["status"] == "COMPLETED"
    assert sandbox_server.succeeded("capture") == 1


def test_a_repeated_key_is_answered_from_memory(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG"), 1))
    checkout = api.post("/api/v1/checkout", body_of(cart_id)).json()
    path = f"/api/v1/checkout/{checkout['id']}/confirm"

    first, second = (api.post(path, {}, headers={"Idempotency-Key": "buy"}) for _ in range(2))

    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert order_statuses() == ["PAID"]


def test_operators_look_into_sagas_and_others_do_not(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    cart_id = filled_cart(ada, (for_sale("MUG"), 1))
    checkout = api.post("/api/v1/checkout", body_of(cart_id)).json()
    api.post(f"/api/v1/checkout/{checkout['id']}/confirm", {})
    path = f"/api/v1/sagas/{SagaRow.objects.get().id}"

    assert api.get(path).status_code == 403
    api.force_authenticate(user=operator())
    saga = api.get(path).json()
    assert (saga["state"], saga["step"]) == ("COMPLETED", "complete")
    assert [entry["step"] for entry in saga["log"]] == ["place", "confirm", "complete"]
    assert api.post(f"{path}/retry").status_code == 409
    assert api.post(f"{path}/compensate").status_code == 409
    assert api.get(f"/api/v1/sagas/{new_id()}").status_code == 404


def test_operators_find_sagas_by_what_they_know_of_the_purchase(
    api: Any, sandbox_server: Any, django_assert_num_queries: Any
) -> None:
    ada = customer()
    api.force_authenticate(user=ada)
    bought = []
    for code, method in (("MUG", "tok_visa"), ("TEA", "tok_lost_answer"), ("CUP", "tok_visa")):
        cart_id = filled_cart(ada, (for_sale(code), 1))
        made = api.post("/api/v1/checkout", body_of(cart_id, paymentMethod=method)).json()
        bought.append(api.post(f"/api/v1/checkout/{made['id']}/confirm", {}).json())
    assert api.get("/api/v1/sagas").status_code == 403
    api.force_authenticate(user=operator())

    def found(query: str) -> list[str]:
        results = api.json_of("GET", f"/api/v1/sagas{query}", status=200)["results"]
        return [saga["checkoutId"] for saga in results]

    newest = [one["id"] for one in reversed(bought)]
    with django_assert_num_queries(1):
        assert found("") == newest
    assert found("?state=RUNNING") == [bought[1]["id"]]
    assert found(f"?checkoutId={bought[0]['id']}") == [bought[0]["id"]]
    assert found(f"?orderId={bought[2]['orderId']}&state=COMPLETED") == [bought[2]["id"]]
    assert found(f"?orderId={bought[2]['orderId']}&state=STUCK") == []
    assert api.get("/api/v1/sagas?state=LOST").status_code == 422
    first = api.json_of("GET", "/api/v1/sagas?pageSize=2", status=200)
    rest = api.json_of("GET", first["next"], status=200)
    assert [s["checkoutId"] for s in first["results"] + rest["results"]] == newest
    whole = api.json_of("GET", f"/api/v1/sagas/{first['results'][0]['id']}", status=200)
    assert whole["log"][0]["step"] == "place"


def test_an_operator_goes_on_with_or_undoes_what_is_left_behind(
    api: Any, sandbox_server: Any
) -> None:
    mug = for_sale("MUG", stock=10)
    api.raise_request_exception = True
    for turn in ("retry", "compensate"):
        ada = customer()
        api.force_authenticate(user=ada)
        cart_id = filled_cart(ada, (mug, 1))
        checkout = api.post("/api/v1/checkout", body_of(cart_id)).json()
        with death_at("checkout.after_authorize"), pytest.raises(Died):
            api.post(f"/api/v1/checkout/{checkout['id']}/confirm", {})
        steps.arm(None)
        api.force_authenticate(user=operator())
        path = f"/api/v1/sagas/{SagaRow.objects.latest('created_at').id}/{turn}"

        assert api.post(path).json()["code"] == "checkout/saga-busy"
        SagaRow.objects.update(lease_until=None)
        assert api.post(path).status_code == 200, turn

    assert order_statuses() == ["PAID", "CANCELED"]
    kept = Entry.objects.filter(entity_type="saga").order_by("occurred_at")
    assert [(e.action, e.actor_id is not None) for e in kept] == [
        ("checkout.saga.retried", True),
        ("checkout.saga.compensated", True),
    ]
    assert sandbox_server.succeeded("capture") == 1
    assert sandbox_server.succeeded("void") == 1
    assert stock(mug).allocated == 1


@pytest.mark.parametrize(
    ("keyed", "budget"),
    [
        (False, {"create": 2, "add": 5, "start": 9, "confirm": 16}),
        (True, {"create": 4, "add": 7, "start": 11, "confirm": 18}),
    ],
)
def test_a_whole_purchase_keeps_within_its_budget_of_statements(
    api: Any, sandbox_server: Any, keyed: bool, budget: dict[str, int]
) -> None:
    mug = for_sale("MUG")
    shipping.shipping_options(country="NL", weight_grams=1, currency="EUR", channel="web")
    accounts.get_channel("web")  # which processes remember, as they do the shipping methods
    spent: dict[str, int] = {}

    def counted(name: str, path: str, body: Any, **headers: str) -> Any:
        keys = {"Idempotency-Key": name} if keyed else {}
        with CaptureQueriesContext(connection) as captured:
            response = api.post(path, body, headers={**keys, **headers})
        assert response.status_code < 300, response.content
        spent[name] = sum("SAVEPOINT" not in query["sql"] for query in captured)
        return response.json()

    cart = counted("create", "/api/v1/carts", {})
    token = {"Guest-Token": cart["guestToken"]}
    counted("add", f"/api/v1/carts/{cart['id']}/items", {"skuId": str(mug), "quantity": 1}, **token)
    checkout = counted("start", "/api/v1/checkout", body_of(cart["id"]), **token)
    counted("confirm", f"/api/v1/checkout/{checkout['id']}/confirm", {}, **token)

    assert spent == budget
