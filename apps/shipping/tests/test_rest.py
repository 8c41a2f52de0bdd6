"""Shipping over HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest

from apps.shipping import queries
from apps.shipping.models import TrackingEvent
from apps.shipping.tests.factories import BOSS, customer, method, requested, shipped, sku
from ecommerce import clock
from ecommerce.ids import new_id
from ecommerce.signatures import signature_of

pytestmark = pytest.mark.django_db


def test_rates_follow_weight_country_and_position(api: Any, django_assert_num_queries: Any) -> None:
    method("express", position=2, up_to_5000=1490)
    method("standard", position=1, up_to_1000=490, up_to_5000=790)
    method("letter", position=0, up_to_100=190)
    mug = sku("MUG", grams=900)
    queries.forget_methods()
    queries.methods("EUR")

    def options(quantity: int) -> list[tuple[str, int]]:
        body = {"items": [{"skuId": str(mug), "quantity": quantity}], "country": "NL"}
        with django_assert_num_queries(1):
            response = api.post("/api/v1/shipping/rates/quote", body)
        assert response.status_code == 200
        return [(o["code"], o["amount"]["amount"]) for o in response.json()["options"]]

    assert options(1) == [("standard", 490), ("express", 1490)]
    assert options(2) == [("standard", 790), ("express", 1490)]
    assert options(9) == []


def test_rates_of_what_does_not_exist_are_refused(api: Any) -> None:
    body = {"items": [{"skuId": str(new_id()), "quantity": 1}], "country": "NL"}

    assert api.post("/api/v1/shipping/rates/quote", body).status_code == 422
    body["country"] = "Netherlands"
    assert api.post("/api/v1/shipping/rates/quote", body).status_code == 422


def test_the_warehouses_day_over_http(api: Any, sandbox_server: Any) -> None:
    fulfilment = requested()
    path = f"/api/v1/fulfillments/{fulfilment.id}"
    assert api.post(f"{path}/pick").status_code == 401
    api.force_authenticate(user=BOSS)

    queue = api.get("/api/v1/fulfillments?state=REQUESTED").json()["results"]
    assert [row["id"] for row in queue] == [str(fulfilment.id)]
    assert api.post(f"{path}/pick").json()["state"] == "PICKING"
    assert api.post(f"{path}/ship").status_code == 409
    assert api.post(f"{path}/pack").json()["state"] == "PACKED"
    parcel = api.post("/api/v1/shipments", {"fulfillmentId": str(fulfilment.id)}).json()
    assert parcel["parcels"][0]["weightGrams"] == 650
    assert api.get(f"/api/v1/shipments/{parcel['id']}/label").status_code == 404
    headers = {"Idempotency-Key": "label-1"}
    labels = [
        api.post("/api/v1/shipping/labels", {"shipmentId": parcel["id"]}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in labels] == [201, 201]
    assert labels[0].json() == labels[1].json()
    label = api.get(f"/api/v1/shipments/{parcel['id']}/label")
    assert label["Content-Type"] == "application/pdf"
    assert label["Cache-Control"] == "private, no-store"
    assert label.content.startswith(b"%PDF")
    sent = api.post(f"{path}/ship").json()
    assert sent["state"] == "SHIPPED"
    assert sent["shipments"][0]["labelUrl"] == f"/api/v1/shipments/{parcel['id']}/label"


def test_a_carrier_that_does_not_answer_is_a_503_that_may_be_tried_again(
    api: Any, sandbox_server: Any
) -> None:
    fulfilment = requested()
    api.force_authenticate(user=BOSS)
    path = f"/api/v1/fulfillments/{fulfilment.id}"
    api.post(f"{path}/pick")
    api.post(f"{path}/pack")
    sandbox_server.order("lost_answer", path="shipments")
    headers = {"Idempotency-Key": "ship-1"}

    first = api.post(f"{path}/ship", headers=headers)
    second = api.post(f"{path}/ship", headers=headers)

    assert (first.status_code, first.json()["code"]) == (503, "shipping/carrier-unavailable")
    assert first["Retry-After"]
    assert second.json()["state"] == "SHIPPED"


def test_the_buyer_sees_parcel_and_fulfilment_but_no_label(api: Any, sandbox_server: Any) -> None:
    ada = customer()
    sent = shipped(ada)
    parcel = sent.shipments[0]
    api.force_authenticate(user=ada)

    assert api.get(f"/api/v1/orders/{sent.order_id}/fulfillment").json()["state"] == "SHIPPED"
    assert api.get(f"/api/v1/fulfillments/{sent.id}").status_code == 200
    assert api.get(f"/api/v1/shipments/{parcel.id}").status_code == 200
    assert api.get(f"/api/v1/tracking/{parcel.tracking_number}/shipment").status_code == 200
    assert api.get(f"/api/v1/shipments/{parcel.id}/label").status_code == 403
    api.force_authenticate(user=customer())
    for path in (
        f"/api/v1/orders/{sent.order_id}/fulfillment",
        f"/api/v1/fulfillments/{sent.id}",
        f"/api/v1/shipments/{parcel.id}",
        f"/api/v1/tracking/{parcel.tracking_number}/shipment",
    ):
        assert api.get(path).status_code == 404


def test_anyone_with_the_number_sees_where_the_parcel_is_and_no_person(
    api: Any, sandbox_server: Any
) -> None:
    number = shipped().shipments[0].tracking_number

    body = api.get(f"/api/v1/tracking/{number}").json()

    assert body["status"] == "BOOKED"
    assert "Ada" not in str(body)
    assert "orderId" not in body
    assert api.get("/api/v1/tracking/SB00000000XX").status_code == 404


def test_a_signed_message_is_taken_once_and_an_unsigned_one_not_at_all(
    api: Any, sandbox_server: Any, settings: Any
) -> None:
    number = shipped().shipments[0].tracking_number
    message = {
        "id": "evt_1",
        "type": "tracking.updated",
        "trackingNumber": number,
        "status": "in_transit",
        "occurredAt": "2026-11-21T12:00:00Z",
    }
    body = json.dumps(message).encode()
    secret = settings.PAYMENT_WEBHOOK_SECRET
    now = int(clock.now().timestamp())

    def send(path: str, sent: bytes, signature: str) -> int:
        response = api.generic(
            "POST",
            f"/api/v1/tracking/webhook/{path}",
            sent,
            content_type="application/json",
            headers={"Sandbox-Signature": signature},
        )
        return int(response.status_code)

    good = signature_of(body, secret=secret, timestamp=now)
    old = int((clock.now() - timedelta(minutes=10)).timestamp())
    assert send("sandbox", body, "") == 401
    assert send("sandbox", body + b" ", good) == 401
    assert send("sandbox", body, signature_of(body, secret=secret, timestamp=old)) == 401
    assert TrackingEvent.objects.count() == 0
    assert send("pigeon", body, good) == 404
    assert send("sandbox", body, good) == 204
    assert send("sandbox", body, good) == 204
    assert send("sandbox", b"{}", signature_of(b"{}", secret=secret, timestamp=now)) == 422
    assert TrackingEvent.objects.count() == 1
    assert api.get(f"/api/v1/tracking/{number}").json()["status"] == "IN_TRANSIT"


def test_a_strangers_answer_does_not_tell_what_exists(api: Any, sandbox_server: Any) -> None:
    fulfilment = shipped()
    parcel = fulfilment.shipments[0]
    api.force_authenticate(user=customer())

    def told(path: str) -> dict[str, Any]:
        answer = api.get(f"/api/v1/{path}")
        assert answer.status_code == 404
        return {**answer.json(), "correlationId": ""}

    assert told(f"fulfillments/{fulfilment.id}") == told(f"fulfillments/{new_id()}")
    assert told(f"shipments/{parcel.id}") == told(f"shipments/{new_id()}")
    assert told(f"tracking/{parcel.tracking_number}/shipment") == told("tracking/NONE/shipment")
