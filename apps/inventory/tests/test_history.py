"""Why is on-hand 47? The ledger tells, as of any time."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.models import StockMovement
from apps.inventory.rest.history_serializers import TYPES
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import AdjustStock, StockLine, TransferStock
from ecommerce import clock
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


def forty_seven() -> UUID:
    """Fifty came, two broke, one was found and two were shipped: forty-seven."""
    location()
    mug = new_id()
    services.receive_stock(sku_id=mug, quantity=30, reference="PO-1")
    services.receive_stock(sku_id=mug, quantity=20, reference="PO-2")
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="dropped", kind="damage"))
    services.adjust_stock(AdjustStock(sku_id=mug, delta=1, reason="found"))
    held = services.reserve_stock(order_of({mug: 2}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    services.ship_stock(order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=2)])
    return mug


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """As above; the catalog knows it by the code MUG and knows no other."""
    sku_id = forty_seven()
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Any:
        return {sku_id: known} if sku_id in ids or "MUG" in codes else {}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return sku_id


def test_the_balance_as_of_any_time_is_the_one_after_the_last_movement_then() -> None:
    mug = forty_seven()
    for entry in StockMovement.objects.filter(sku_id=mug):
        then = services.stock_as_of(sku_id=mug, at=entry.created_at)
        assert (then.on_hand, then.damaged) == (entry.on_hand_after, entry.damaged_after)
        assert then.balances[0].version == entry.version
        just_before = services.stock_as_of(
            sku_id=mug, at=entry.created_at - timedelta(microseconds=1)
        )
        assert just_before.on_hand == entry.on_hand_after - entry.delta


def test_the_past_of_each_location_is_its_own() -> None:
    mug = stocked(5)
    location("north")
    before = clock.now() + timedelta(hours=1)
    services.transfer_stock(
        TransferStock(sku_id=mug, quantity=2, source="main", destination="north")
    )
    then = services.stock_as_of(sku_id=mug, at=before)
    assert {one.location: one.on_hand for one in then.balances} == {"main": 3, "north": 2}
    assert services.stock_as_of(sku_id=mug, at=before, location="north").on_hand == 2
    first = StockMovement.objects.get(sku_id=mug, kind="receipt").created_at
    assert [one.location for one in services.stock_as_of(sku_id=mug, at=first).balances] == ["main"]


def test_an_explanation_adds_up_and_says_so_in_words() -> None:
    mug = forty_seven()
    order = StockMovement.objects.get(sku_id=mug, kind="shipment").reference
    now = clock.now() + timedelta(seconds=5)
    found = services.explain_stock(
        sku_id=mug, location="main", since=now - timedelta(days=1), at=now
    )
    assert (found.opening_on_hand, found.on_hand, found.damaged) == (0, 47, 2)
    assert [(p.kind, p.movements, p.delta, p.damaged_delta, p.references) for p in found.parts] == [
        ("receipt", 2, 50, 0, ("PO-2", "PO-1")),
        ("damage", 1, -2, 2, ()),
        ("adjustment", 1, 1, 0, ()),
        ("shipment", 1, -2, 0, (order,)),
    ]
    assert "47 on hand and 2 damaged at main" in found.text
    assert "+50 received in 2 movements (PO-2, PO-1); -2 and +2 damaged found damaged once" in (
        found.text
    )


def test_what_moved_before_the_window_is_its_opening_balance() -> None:
    mug = forty_seven()
    damage = StockMovement.objects.get(sku_id=mug, kind="damage")
    found = services.explain_stock(
        sku_id=mug,
        location="main",
        since=damage.created_at,
        at=damage.created_at,
    )
    assert (found.opening_on_hand, found.on_hand) == (50, 48)
    assert [part.kind for part in found.parts] == ["damage"]
    never = services.explain_stock(
        sku_id=new_id(), location="main", since=damage.created_at, at=damage.created_at
    )
    assert (never.on_hand, never.parts) == (0, ())
    assert never.text.endswith("Nothing has moved since.")


def test_as_of_reads_one_entry_of_a_level_by_its_index() -> None:
    mug = forty_seven()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        services.stock_as_of(sku_id=mug, at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    # The key that holds numbers in sequence, walked backwards in each part: nothing is sorted.
    assert "Index Scan Backward using inventory_stockmovement_2" in plan, plan
    assert "Merge Append" in plan


def test_the_door_tells_what_was_then(operator: Any, mug: UUID) -> None:
    received = StockMovement.objects.get(sku_id=mug, version=2).created_at.isoformat()
    path = "/api/v1/inventory/MUG"
    then = operator.json_of("GET", f"{path}?at={received.replace('+', '%2B')}", status=200)
    assert (then["onHand"], then["damaged"], then["locations"][0]["version"]) == (50, 0, 2)
    assert operator.json_of("GET", path, status=200)["damaged"] == 2
    operator.json_of("GET", f"{path}?at=yesterday", status=422)


def test_the_door_explains_and_pages_the_movements(operator: Any, mug: UUID) -> None:
    path = "/api/v1/inventory/MUG/explanation?pageSize=3"
    # The clock of the test is not the database's.
    found = operator.json_of("GET", f"{path}&at=2100-01-01T00:00:00Z", status=200)
    assert found["onHand"] == 47
    since_long_ago = f"{path}&at=2100-01-01T00:00:00Z&from=2000-01-01T00:00:00Z"
    found = operator.json_of("GET", since_long_ago, status=200)
    assert (found["openingOnHand"], found["onHand"], len(found["parts"])) == (0, 47, 4)
    assert "47 on hand" in found["text"]
    first = found["movements"]
    assert [entry["version"] for entry in first["results"]] == [5, 4, 3]
    rest = operator.json_of("GET", first["next"], status=200)["movements"]
    assert [(entry["version"], entry["prevBalance"]) for entry in rest["results"]] == [
        (2, 30),
        (1, 0),
    ]
    operator.json_of("GET", f"{path}&location=mars", status=404)


def test_movements_are_found_by_what_they_were_about(operator: Any, mug: UUID) -> None:
    found = operator.json_of("GET", "/api/v1/inventory/movements?reference=PO-1", status=200)
    assert [(entry["type"], entry["delta"]) for entry in found["results"]] == [("receipt", 30)]
    kinds = operator.json_of(
        "GET", "/api/v1/inventory/movements?skuId=MUG&type=damage&location=main", status=200
    )
    assert [entry["damagedDelta"] for entry in kinds["results"]] == [2]


def recorded(operator: Any, status: int, **body: Any) -> Any:
    body = {"skuId": "MUG", "reason": "by hand", **body}
    return operator.json_of("POST", "/api/v1/inventory/movements", body, status=status)


@pytest.mark.parametrize(
    ("body", "on_hand", "damaged"),
    [
        ({"type": "receipt", "quantity": 3}, 50, 2),
        ({"type": "receipt", "quantity": 3, "damaged": True}, 47, 5),
        ({"type": "return", "quantity": 1, "reference": "order-1"}, 48, 2),
        ({"type": "damage", "quantity": 4}, 43, 6),
        ({"type": "scrap", "quantity": 2, "damaged": True}, 47, 0),
        ({"type": "scrap", "quantity": 2}, 45, 2),
        ({"type": "adjustment", "quantity": -7}, 40, 2),
    ],
)
def test_movements_are_recorded_by_hand_once_per_key(
    operator: Any, mug: UUID, body: dict[str, Any], on_hand: int, damaged: int
) -> None:
    first = recorded(operator, 201, idempotencyKey="one", **body)
    assert recorded(operator, 201, idempotencyKey="one", **body) == first
    assert (first["onHand"], first["damaged"]) == (on_hand, damaged)
    assert counts(mug)[0] == on_hand
    assert services.audit_stock().clean


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": "receipt", "quantity": -3}, 422),
        ({"type": "scrap", "quantity": 0}, 422),
        ({"type": "shipment", "quantity": 1}, 422),
        ({"type": "scrap", "quantity": 3, "damaged": True}, 409),
        ({"type": "damage", "quantity": 48}, 409),
        ({"type": "receipt", "quantity": 1, "locationId": "mars"}, 404),
    ],
)
def test_nonsense_by_hand_is_refused(
    operator: Any, mug: UUID, body: dict[str, Any], status: int
) -> None:
    recorded(operator, status, **body)
    assert counts(mug)[0] == 47


@pytest.mark.parametrize("door", ["GET MUG/explanation", "POST movements", "GET MUG?at=2026-01-01"])
def test_shoppers_are_told_nothing(api: Any, door: str) -> None:
    method, path = door.split()
    body: Any = {} if method == "POST" else None
    api.json_of(method, f"/api/v1/inventory/{path}", body, status=401)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    api.json_of(method, f"/api/v1/inventory/{path}", body, status=403)


def test_the_beginning_of_time_has_an_explanation(operator: Any, mug: UUID) -> None:
    path = "/api/v1/inventory/MUG/explanation?at=0001-01-01T00:00:00Z"

    assert operator.json_of("GET", path, status=200)["onHand"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "inventory/MUG?location=mars",
        "inventory/MUG?location=mars&at=2026-01-01T00:00:00Z",
        "inventory/MUG/lots?location=mars",
        "inventory/movements?location=mars",
        "inventory/reconciliations?location=mars",
        "inventory/replenishment-proposals?location=mars",
        "inventory/transfers?fromLocationId=mars",
        "inventory/transfers?toLocationId=mars",
    ],
)
def test_a_place_that_there_is_not_is_no_empty_one(operator: Any, mug: UUID, path: str) -> None:
    refused = operator.json_of("GET", f"/api/v1/{path}", status=404)
    assert refused["code"] == "inventory/unknown-location"


def test_only_types_of_movements_are_asked_for(operator: Any, mug: UUID) -> None:
    door = "/api/v1/inventory/movements?type="
    assert set(TYPES) == set(StockMovement.Kind.values)
    operator.json_of("GET", f"{door}FOO", status=422)
    operator.json_of("GET", f"{door}scrap", status=200)
