"""The stock endpoints: operators change stock, shoppers learn what can be sold."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from apps.catalog import services as catalog
from apps.inventory.models import Location, StockMovement
from apps.inventory.tests.factories import counts, location, stocked
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A SKU with the code MUG of which five are on hand; the catalog knows it and no other."""
    sku_id = stocked(5)
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        return {sku_id: known} if sku_id in ids or "MUG" in codes else {}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return sku_id


def test_stock_is_read_by_code_or_id(operator: Any, mug: UUID) -> None:
    by_code = operator.json_of("GET", "/api/v1/inventory/MUG", status=200)
    assert by_code == operator.json_of("GET", f"/api/v1/inventory/{mug}", status=200)
    assert (by_code["onHand"], by_code["available"]) == (5, 5)
    assert [level["locationId"] for level in by_code["locations"]] == ["main"]
    location("empty")
    nothing = operator.json_of("GET", "/api/v1/inventory/MUG?location=empty", status=200)
    assert (nothing["onHand"], nothing["locations"]) == (0, [])
    operator.json_of("GET", "/api/v1/inventory/TEA", status=404)


def test_an_adjustment_is_made_once_per_key(operator: Any, mug: UUID) -> None:
    body = {"delta": -2, "reason": "broken", "idempotencyKey": "one"}
    first = operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=200)
    second = operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=200)
    assert first == second
    assert (first["onHand"], first["version"]) == (3, 2)
    assert counts(mug) == (3, 0, 0)


def test_what_arrives_at_a_new_place_is_the_skus_sellers(operator: Any, mug: UUID) -> None:
    location("north")
    body = {"delta": 2, "reason": "came", "type": "receipt", "locationId": "north"}

    operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=200)

    [level] = operator.json_of("GET", "/api/v1/inventory/MUG?location=north", status=200)[
        "locations"
    ]
    assert (level["onHand"], level["sellerId"]) == (2, "acme")


def test_if_match_guards_a_level(operator: Any, mug: UUID) -> None:
    body = {"delta": -1, "reason": "broken"}
    path = "/api/v1/inventory/MUG/adjust"
    operator.json_of("POST", path, body, status=200, headers={"If-Match": '"1"'})
    refusal = operator.json_of("POST", path, body, status=412, headers={"If-Match": '"1"'})
    assert refusal["code"] == "inventory/level-changed"


def test_what_was_read_is_what_is_adjusted(operator: Any, mug: UUID) -> None:
    read = operator.get("/api/v1/inventory/MUG")
    headers = {"If-Match": read["ETag"]}
    body = {"delta": -1, "reason": "broken"}

    operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=200, headers=headers)
    operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=412, headers=headers)

    assert counts(mug) == (4, 0, 0)


def test_of_several_levels_each_is_read_with_its_own_version(operator: Any, mug: UUID) -> None:
    stocked(3, at="north", sku_id=mug)
    operator.json_of(
        "POST", "/api/v1/inventory/MUG/adjust", {"delta": 1, "reason": "found"}, status=200
    )

    assert "ETag" not in operator.get("/api/v1/inventory/MUG")
    assert operator.get("/api/v1/inventory/MUG?location=main")["ETag"] == '"2"'
    assert operator.get("/api/v1/inventory/MUG?location=north")["ETag"] == '"1"'
    assert "ETag" not in operator.get("/api/v1/inventory/MUG?location=mars")


def test_taking_more_than_there_is_is_a_conflict(operator: Any, mug: UUID) -> None:
    refusal = operator.json_of(
        "POST", "/api/v1/inventory/MUG/adjust", {"delta": -6, "reason": "gone"}, status=409
    )
    assert (refusal["code"], refusal["available"]) == ("inventory/insufficient-stock", 5)
    assert counts(mug) == (5, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"delta": 0, "reason": "x"},
        {"delta": -3, "reason": "x", "type": "receipt"},
        {"delta": 3, "reason": "x", "type": "damage"},
        {"delta": "1.5", "reason": "x"},
        {"delta": 2**40, "reason": ""},
    ],
)
def test_nonsense_is_refused(operator: Any, mug: UUID, body: dict[str, Any]) -> None:
    operator.json_of("POST", "/api/v1/inventory/MUG/adjust", body, status=422)


def test_a_transfer_answers_with_both_ends(operator: Any, mug: UUID) -> None:
    location("north")
    body = {"quantity": 2, "fromLocationId": "main", "toLocationId": "north"}
    moved = operator.json_of("POST", "/api/v1/inventory/MUG/transfer", body, status=200)
    assert (moved["left"]["onHand"], moved["arrived"]["onHand"]) == (3, 2)


def test_a_bulk_adjustment_answers_per_item(operator: Any, mug: UUID) -> None:
    items = [
        {"skuId": "MUG", "delta": -1, "reason": "a"},
        {"skuId": str(mug), "delta": -9, "reason": "b"},
    ]
    answer = operator.json_of("POST", "/api/v1/inventory/bulk-adjust", {"items": items}, status=200)
    assert [item["status"] for item in answer["results"]] == ["applied", "refused"]
    assert answer["results"][1]["change"] is None


def test_the_ledger_is_paged_with_one_statement(
    operator: Any, mug: UUID, django_assert_num_queries: Any
) -> None:
    for _ in range(4):
        operator.json_of(
            "POST", "/api/v1/inventory/MUG/adjust", {"delta": 1, "reason": "found"}, status=200
        )
    with django_assert_num_queries(1):
        page = operator.json_of(
            "GET", "/api/v1/inventory/movements?skuId=MUG&pageSize=3", status=200
        )
    assert [entry["newBalance"] for entry in page["results"]] == [9, 8, 7]
    rest = operator.json_of("GET", page["next"], status=200)
    assert [entry["newBalance"] for entry in rest["results"]] == [6, 5]
    none = operator.json_of(
        "GET", "/api/v1/inventory/movements?skuId=MUG&from=2100-01-01T00:00:00Z", status=200
    )
    assert none["results"] == []


def test_a_location_is_summed_up(operator: Any, mug: UUID) -> None:
    place = Location.objects.get(code="main")
    summary = operator.json_of("GET", f"/api/v1/inventory/locations/{place.id}/summary", status=200)
    assert (summary["code"], summary["skuCount"], summary["available"]) == ("main", 1, 5)


def test_a_reservation_is_made_confirmed_and_released(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 2}], "ttlSeconds": 600}
    held = operator.json_of("POST", "/api/v1/reservations", body, status=201)
    assert (held["status"], held["holdType"]) == ("RESERVED", "soft")
    path = f"/api/v1/reservations/{held['reservationId']}"
    assert operator.json_of("GET", path, status=200) == held

    hard = operator.json_of("POST", f"{path}/confirm", {}, status=200)
    assert (hard["status"], hard["holdType"], counts(mug)) == ("CONFIRMED", "hard", (5, 0, 2))
    released = operator.json_of("POST", f"{path}/release", {"reason": "mistake"}, status=200)
    assert (released["status"], counts(mug)) == ("RELEASED", (5, 0, 0))


def test_a_hard_hold_is_allocated_at_once_and_cancelled(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 2}], "holdType": "hard"}
    held = operator.json_of("POST", "/api/v1/reservations", body, status=201)
    assert counts(mug) == (5, 0, 2)
    path = f"/api/v1/reservations/{held['reservationId']}/cancel"
    assert operator.json_of("POST", path, {}, status=200)["status"] == "CANCELLED"


def test_a_reservation_of_too_much_says_what_there_is(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 6}]}
    refusal = operator.json_of("POST", "/api/v1/reservations", body, status=409)
    assert refusal["code"] == "inventory/out-of-stock"
    assert refusal["lines"] == [{"skuId": str(mug), "requested": 6, "available": 5}]


def test_a_part_is_held_and_what_is_short_is_told(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 7}], "allowPartial": True, "reference": "cart:7"}
    held = operator.json_of("POST", "/api/v1/reservations", body, status=201)
    assert [item["quantity"] for item in held["items"]] == [5]
    assert held["short"] == [{"skuId": str(mug), "requested": 7, "available": 5}]

    path = "/api/v1/reservations?reference=cart:7&status=RESERVED"
    [found] = operator.json_of("GET", path, status=200)["results"]
    assert found["reservationId"] == held["reservationId"]
    assert operator.json_of("GET", "/api/v1/reservations?reference=x", status=200)["results"] == []


def test_a_hold_is_extended(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 1}], "ttlSeconds": 60}
    held = operator.json_of("POST", "/api/v1/reservations", body, status=201)
    path = f"/api/v1/reservations/{held['reservationId']}/extend"
    longer = operator.json_of("POST", path, {"ttlSeconds": 3600}, status=200)
    assert longer["expiresAt"] > held["expiresAt"]
    operator.json_of("POST", path, {"ttlSeconds": 0}, status=422)


def test_a_location_may_be_asked_for(operator: Any, mug: UUID) -> None:
    stocked(3, at="north", sku_id=mug, priority=99)
    item = {"skuId": "MUG", "quantity": 2, "locationPreference": ["north"], "only": True}
    held = operator.json_of("POST", "/api/v1/reservations", {"items": [item]}, status=201)
    assert [line["locationId"] for line in held["items"]] == ["north"]


@pytest.mark.django_db(transaction=True)
def test_a_refused_hold_is_told_of_once(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 6}]}
    operator.json_of("POST", "/api/v1/reservations", body, status=409)
    [told] = published("ecommerce.inventory.reservation.failed.v1")
    assert told.payload["items"] == [{"skuId": str(mug), "requested": 6, "available": 5}]


def test_a_policy_is_read_set_and_guarded(operator: Any, mug: UUID) -> None:
    path = "/api/v1/inventory/MUG/policy"
    default = operator.get(path)
    assert (default["ETag"], default.json()["oversell"]) == ('"0"', "deny")
    body = {"oversell": "backorder", "oversellLimit": 3, "leadDays": 5}
    policy = operator.json_of("PUT", path, body, status=200, headers={"If-Match": '"0"'})
    assert (policy["oversellLimit"], policy["leadDays"], policy["version"]) == (3, 5, 1)
    operator.json_of("PUT", path, body, status=412, headers={"If-Match": '"0"'})
    assert operator.json_of("GET", "/api/v1/availability/MUG", status=200)["orderable"] == 8

    item = {"items": [{"skuId": "MUG", "quantity": 7}]}
    held = operator.json_of("POST", "/api/v1/reservations", item, status=201)
    assert [late["open"] for late in held["backordered"]] == [2]
    operator.json_of("PUT", path, {**body, "oversellLimit": 1}, status=409)
    operator.json_of("PUT", path, {"oversell": "preorder", "oversellLimit": 9}, status=422)


def test_how_a_sku_is_counted_is_switched(operator: Any, mug: UUID) -> None:
    path = "/api/v1/inventory/MUG/counting"
    assert (
        operator.json_of("PUT", path, {"counting": "striped"}, status=200)["counting"] == "striped"
    )
    stock = operator.json_of("GET", "/api/v1/inventory/MUG", status=200)
    assert (stock["reserved"], stock["available"]) == (0, 5)
    operator.json_of("PUT", path, {"counting": "magic"}, status=422)


def test_a_kit_is_made_and_unmade(operator: Any, mug: UUID) -> None:
    path = "/api/v1/inventory/MUG/kit"
    operator.json_of("PUT", path, {"components": [{"skuId": str(mug), "quantity": 2}]}, status=422)
    assert operator.json_of("PUT", path, {"components": []}, status=200)["components"] == []


NOWHERE = UUID("01890000-0000-7000-8000-000000000000")  # the same for every worker of the tests


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "inventory/MUG"),
        ("POST", "inventory/MUG/adjust"),
        ("POST", "inventory/MUG/transfer"),
        ("POST", "inventory/bulk-adjust"),
        ("GET", "inventory/movements"),
        ("GET", "inventory/buffers"),
        ("PUT", "inventory/buffers"),
        ("DELETE", f"inventory/buffers/{NOWHERE}"),
        ("GET", f"inventory/locations/{NOWHERE}/summary"),
        ("POST", "reservations"),
        ("GET", f"reservations/{NOWHERE}"),
        ("POST", f"reservations/{NOWHERE}/extend"),
        ("GET", "reservations"),
        ("GET", "inventory/MUG/policy"),
        ("PUT", "inventory/MUG/policy"),
        ("PUT", "inventory/MUG/kit"),
        ("PUT", "inventory/MUG/counting"),
        ("POST", f"reservations/{NOWHERE}/confirm"),
        ("POST", f"reservations/{NOWHERE}/cancel"),
        ("POST", f"reservations/{NOWHERE}/release"),
    ],
)
def test_shoppers_see_and_change_no_stock(api: Any, method: str, path: str) -> None:
    body: dict[str, Any] | None = None if method == "GET" else {}
    api.json_of(method, f"/api/v1/{path}", body, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of(method, f"/api/v1/{path}", body, status=403)
    assert StockMovement.objects.count() == 0


def test_an_order_whose_hold_is_over_does_not_hold_again(operator: Any, mug: UUID) -> None:
    body = {"items": [{"skuId": "MUG", "quantity": 2}], "orderId": str(new_id())}
    held = operator.json_of("POST", "/api/v1/reservations", body, status=201)
    operator.json_of("POST", f"/api/v1/reservations/{held['reservationId']}/cancel", {}, status=200)

    refusal = operator.json_of("POST", "/api/v1/reservations", body, status=409)

    assert refusal["code"] == "inventory/reservation-closed"
    assert "CANCELLED" in refusal["detail"]
    assert counts(mug) == (5, 0, 0)
