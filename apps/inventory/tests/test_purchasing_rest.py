"""Buying over REST: who may, what comes back, what is refused."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory.tests.factories import counts, location
from ecommerce.clock import now
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
ORDERS = f"{V1}/inventory/purchase-orders"


@pytest.fixture
def operator(api: Any) -> Any:
    location()
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


@pytest.fixture
def mug() -> UUID:
    product = catalog.create_product(
        ProductFields(title="The mug"), now=now(), skus=[SkuFields(code="MUG")]
    )
    return product.skus[0].sku_id


@pytest.fixture
def acme(operator: Any) -> str:
    body = {"code": "acme", "name": "Acme", "email": "orders@acme.example", "leadTimeDays": "4.5"}
    made = operator.json_of("POST", f"{V1}/inventory/suppliers", body, status=201)
    assert made["leadTimeDays"] == "4.50"
    return "acme"


def euro(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def step(operator: Any, order: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
    url = f"{ORDERS}/{order['purchaseOrderId']}/{verb}"
    return dict(operator.json_of("POST", url, body or {}, status=200))


def test_a_buyers_day(operator: Any, acme: str, mug: UUID) -> None:
    terms = {"items": [{"skuId": "MUG", "unitCost": euro(250), "packUnits": 5}]}
    operator.json_of("PUT", f"{V1}/inventory/suppliers/acme/terms", terms, status=200)
    body = {
        "supplier": acme,
        "items": [{"skuId": "MUG", "quantity": 10}],
        "costs": [{"kind": "freight", "amount": euro(99)}],
    }
    order = operator.json_of("POST", ORDERS, body, status=201)
    assert (order["state"], order["totalMinor"]) == ("DRAFT", 2599)
    step(operator, order, "approve")
    step(operator, order, "send")
    inbound = operator.json_of(
        "POST", f"{V1}/inbounds", {"purchaseOrderId": order["purchaseOrderId"]}, status=201
    )
    url = f"{V1}/inbounds/{inbound['inboundId']}/receive"
    first = {"items": [{"skuId": "MUG", "received": 8, "damaged": 1}], "final": True}
    headers = {"Idempotency-Key": "ramp-1"}
    came = operator.json_of("POST", url, first, status=200, headers=headers)
    assert came == operator.json_of("POST", url, first, status=200, headers=headers)
    assert counts(mug) == (8, 0, 0)
    assert {d["kind"]: d["quantity"] for d in came["discrepancies"]} == {"UNDER": 1, "DAMAGED": 1}
    listed = operator.json_of("GET", f"{V1}/inventory/discrepancies?state=OPEN", status=200)
    for found in listed["results"]:
        settled = operator.json_of(
            "POST",
            f"{V1}/inventory/discrepancies/{found['discrepancyId']}/settle",
            {"how": "accept"} | ({"disposal": "keep"} if found["kind"] == "DAMAGED" else {}),
            status=200,
        )
        kept = (1, "keep") if found["kind"] == "DAMAGED" else (0, "")
        assert settled["state"] == "ACCEPTED"
        assert (settled["inHouse"], settled["disposal"]) == kept
    after = operator.json_of("GET", f"{ORDERS}/{order['purchaseOrderId']}", status=200)
    assert (after["state"], after["lines"][0]["cancelled"]) == ("CLOSED", 1)
    value = operator.json_of("GET", f"{V1}/inventory/valuation?method=average", status=200)
    (row,) = value["results"]
    assert (row["quantity"], row["valueMinor"], row["currency"]) == (8, 2089, "EUR")
    assert (row["claimedMinor"], row["writtenOffMinor"]) == (0, 250 + 10)
    document = operator.get(f"{ORDERS}/{order['purchaseOrderId']}/document")
    assert document.content.decode().splitlines()[1] == "MUG,,10,2.50,EUR"


def test_a_draft_is_revised_by_who_has_read_it(operator: Any, acme: str, mug: UUID) -> None:
    body = {"supplier": acme, "items": [{"skuId": "MUG", "quantity": 1, "unitCost": euro(5)}]}
    order = operator.json_of("POST", ORDERS, body, status=201)
    url = f"{ORDERS}/{order['purchaseOrderId']}"
    body["items"][0]["quantity"] = 2  # type: ignore[index]
    revised = operator.json_of("PUT", url, body, status=200, headers={"If-Match": '"1"'})
    assert (revised["lines"][0]["ordered"], revised["version"]) == (2, 2)
    operator.json_of("PUT", url, body, status=412, headers={"If-Match": '"1"'})
    step(operator, order, "approve")
    refused = operator.json_of("PUT", url, body, status=409)
    assert refused["code"] == "inventory/purchase-refused"


@pytest.mark.parametrize(
    "change",
    [
        {"items": []},
        {"items": [{"skuId": "MUG", "quantity": 0, "unitCost": {"amount": 5, "currency": "EUR"}}]},
        {"items": [{"skuId": "MUG", "quantity": 1}]},
        {"items": [{"skuId": "MUG", "quantity": 1, "unitCost": {"amount": 5, "currency": "USD"}}]},
        {"exchangeRate": "0"},
        {"costs": [{"kind": "freight", "amount": {"amount": -1, "currency": "EUR"}}]},
    ],
)
def test_an_order_that_means_nothing_is_refused(
    operator: Any, acme: str, mug: UUID, change: dict[str, Any]
) -> None:
    body = {"supplier": acme, "items": [{"skuId": "MUG", "quantity": 1, "unitCost": euro(5)}]}
    operator.json_of("POST", ORDERS, body | change, status=422)
    assert operator.json_of("GET", ORDERS, status=200)["results"] == []


def test_lists_cost_the_same_however_long_they_are(operator: Any, acme: str, mug: UUID) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            operator.json_of("GET", path, status=200)
        return len(asked)

    def add() -> None:
        body = {"supplier": acme, "items": [{"skuId": "MUG", "quantity": 9, "unitCost": euro(5)}]}
        order = operator.json_of("POST", ORDERS, body, status=201)
        step(operator, order, "approve")
        step(operator, order, "send", {"byHand": True})
        inbound = {"purchaseOrderId": order["purchaseOrderId"]}
        made = operator.json_of("POST", f"{V1}/inbounds", inbound, status=201)
        operator.json_of(
            "POST",
            f"{V1}/inbounds/{made['inboundId']}/receive",
            {"items": [{"skuId": "MUG", "received": 1, "damaged": 1}]},
            status=200,
        )

    add()
    paths = (ORDERS, f"{V1}/inbounds", f"{V1}/inventory/discrepancies", f"{V1}/inventory/valuation")
    with_one = [cost(path) for path in paths]
    add()
    add()
    assert [cost(path) for path in paths] == with_one


def test_a_late_bill_is_booked_once_per_key(operator: Any, mug: UUID) -> None:
    change = operator.json_of(
        "POST",
        f"{V1}/inventory/MUG/adjust",
        {"delta": 4, "reason": "opening", "type": "receipt"},
        status=200,
    )
    url = f"{V1}/inventory/movements/{change['movementId']}/costs"
    body = {"amount": euro(400), "idempotencyKey": "bill-1"}
    for _ in range(2):
        assert operator.json_of("POST", url, body, status=201) == {"costMinor": 400}
    operator.json_of("POST", url, {"amount": euro(-401)}, status=409)
    operator.json_of(
        "POST", f"{V1}/inventory/movements/{new_id()}/costs", {"amount": euro(1)}, status=404
    )
    value = operator.json_of("GET", f"{V1}/inventory/valuation?skuId=MUG", status=200)
    assert value["results"][0]["valueMinor"] == 400


NOWHERE = UUID("01890000-0000-7000-8000-000000000000")  # the same for every worker of the tests


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "inventory/suppliers"),
        ("POST", "inventory/suppliers"),
        ("PUT", "inventory/suppliers/acme"),
        ("PUT", "inventory/suppliers/acme/terms"),
        ("GET", "inventory/purchase-orders"),
        ("POST", "inventory/purchase-orders"),
        ("POST", f"inventory/purchase-orders/{NOWHERE}/approve"),
        ("POST", f"inventory/purchase-orders/{NOWHERE}/send"),
        ("GET", f"inventory/purchase-orders/{NOWHERE}/document"),
        ("GET", "inbounds"),
        ("POST", "inbounds"),
        ("POST", f"inbounds/{NOWHERE}/receive"),
        ("POST", f"inbounds/{NOWHERE}/cancel"),
        ("POST", f"inventory/discrepancies/{NOWHERE}/settle"),
        ("GET", "inventory/valuation"),
        ("GET", f"inventory/cost-of-goods?orderId={NOWHERE}"),
        ("POST", f"inventory/movements/{NOWHERE}/costs"),
    ],
)
def test_buying_is_for_operators(api: Any, method: str, path: str) -> None:
    body: dict[str, Any] | None = None if method == "GET" else {}
    api.json_of(method, f"{V1}/{path}", body, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of(method, f"{V1}/{path}", body, status=403)
