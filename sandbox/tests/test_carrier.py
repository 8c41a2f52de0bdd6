"""The carrier quotes by table, books once per key, and moves parcels on."""

import base64
from typing import Any

import httpx
import pytest

from sandbox.labels import tracking_number
from sandbox.testing import SandboxServer, sandbox_server

__all__ = ["sandbox_server"]

BERLIN = {
    "name": "Shop",
    "line1": "Weg 1",
    "postalCode": "10115",
    "city": "Berlin",
    "country": "DE",
}
PARIS = {"name": "Ada", "line1": "Rue 2", "postalCode": "75001", "city": "Paris", "country": "FR"}


def parcel(**fields: Any) -> dict[str, Any]:
    return {
        "service": "standard",
        "reference": "fulfilment-1",
        "sender": BERLIN,
        "recipient": PARIS,
        "weightGrams": 1500,
        **fields,
    }


def test_rates_grow_with_distance_and_each_kilogram_begun(sandbox_server: SandboxServer) -> None:
    quotes = {
        (country, grams): [
            rate["amount"]
            for rate in sandbox_server.post(
                "/carrier/v1/rates",
                {"origin": BERLIN, "destination": {"country": country}, "weightGrams": grams},
            ).json()["rates"]
        ]
        for country in ("DE", "FR", "US")
        for grams in (1000, 1001)
    }
    assert quotes == {
        ("DE", 1000): [490, 990],
        ("DE", 1001): [580, 1140],
        ("FR", 1000): [990, 1990],
        ("FR", 1001): [1180, 2380],
        ("US", 1000): [1990, 3990],
        ("US", 1001): [2680, 4980],
    }


def test_the_same_key_buys_one_label(sandbox_server: SandboxServer) -> None:
    key = {"Idempotency-Key": "fulfilment-1"}
    first = sandbox_server.post("/carrier/v1/shipments", parcel(), **key)
    second = sandbox_server.post("/carrier/v1/shipments", parcel(), **key)
    other = sandbox_server.post("/carrier/v1/shipments", parcel(weightGrams=1), **key)

    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == second.json()
    assert base64.b64decode(first.json()["label"]["base64"]).startswith(b"%PDF-")
    pdf = httpx.get(sandbox_server.url + first.json()["labelUrl"])
    assert pdf.headers["Content-Type"] == "application/pdf"


def test_a_label_without_a_key_is_refused(sandbox_server: SandboxServer) -> None:
    assert sandbox_server.post("/carrier/v1/shipments", parcel()).status_code == 400


def test_a_label_bought_in_a_lost_answer_is_found_by_its_key(sandbox_server: SandboxServer) -> None:
    sandbox_server.order("lost_answer", path="shipments")
    key = {"Idempotency-Key": "fulfilment-2"}
    with pytest.raises(httpx.HTTPError):
        sandbox_server.post("/carrier/v1/shipments", parcel(), **key)
    assert sandbox_server.post("/carrier/v1/shipments", parcel(), **key).status_code == 200


def test_a_parcel_moves_through_every_status(sandbox_server: SandboxServer) -> None:
    tracking = sandbox_server.post(
        "/carrier/v1/shipments", parcel(), **{"Idempotency-Key": "k"}
    ).json()["trackingNumber"]
    sandbox_server.post("/_control/tracking", {"trackingNumber": tracking})
    sandbox_server.post("/_control/tracking", {"trackingNumber": tracking, "status": "delivered"})
    sandbox_server.post("/_control/tracking", {"trackingNumber": tracking})

    view = sandbox_server.get(f"/carrier/v1/shipments/{tracking}")
    assert [event["status"] for event in view["events"]] == [
        "label_created",
        "accepted",
        "in_transit",
        "out_for_delivery",
        "delivered",
    ]
    assert sandbox_server.post(f"/carrier/v1/shipments/{tracking}/void", {}).status_code == 409


def test_a_parcel_that_nobody_handed_in_can_be_voided(sandbox_server: SandboxServer) -> None:
    tracking = sandbox_server.post(
        "/carrier/v1/shipments", parcel(), **{"Idempotency-Key": "k"}
    ).json()["trackingNumber"]
    assert sandbox_server.post(f"/carrier/v1/shipments/{tracking}/void", {}).json()["status"] == (
        "voided"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"weightGrams": 40_000},
        {"weightGrams": 0},
        {"recipient": {"country": "x"}},
        {"service": "?"},
    ],
)
def test_impossible_parcels_are_refused(
    sandbox_server: SandboxServer, fields: dict[str, Any]
) -> None:
    reply = sandbox_server.post(
        "/carrier/v1/shipments", parcel(**fields), **{"Idempotency-Key": "k"}
    )
    assert reply.status_code == 422


def test_tracking_numbers_carry_the_check_digit_of_upu_s10() -> None:
    assert tracking_number(47312482, "DE") == "SB473124829DE"
