"""Warehouses through the public door."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.models import Serial
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import AdjustStock, Tracking
from ecommerce import clock
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.signatures import signature_of
from sandbox.testing import SECRET, SandboxServer, sandbox_server

__all__ = ["sandbox_server"]

pytestmark = pytest.mark.django_db
URL = "/api/v1/warehouses/main"


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A SKU with the code MUG of which ten are on hand; the catalog knows it and no other."""
    sku_id = stocked(10)
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")
    monkeypatch.setattr(
        catalog,
        "find_skus",
        lambda *, ids=(), codes=(): {sku_id: known} if sku_id in ids or "MUG" in codes else {},
    )
    return sku_id


def allocated(sku_id: UUID, units: int) -> str:
    command = order_of({sku_id: units})
    services.allocate_stock(command, now=clock.now())
    return str(command.order_id)


def test_people_pick_and_receive(operator: Any, mug: UUID) -> None:
    pick = {"orderId": allocated(mug, 4)}
    task = operator.json_of("POST", f"{URL}/pick", pick, status=201)
    assert (task["status"], task["items"][0]["quantity"]) == ("ACCEPTED", 4)
    again = operator.json_of("POST", f"{URL}/pick", pick, status=409)
    assert again["code"] == "inventory/nothing-to-pick"
    found = {"taskId": task["taskId"], "items": [{"skuId": "MUG", "picked": 5}]}
    assert operator.json_of("POST", f"{URL}/confirm-pick", found, status=422)["code"] == (
        "inventory/unfit-report"
    )
    found["items"] = [{"skuId": name, "picked": 2} for name in ("MUG", str(mug))]
    twice = operator.json_of("POST", f"{URL}/confirm-pick", found, status=422)
    assert twice["detail"] == "The report names a SKU twice."
    found["items"] = [{"skuId": "MUG", "picked": 4}]
    done = operator.json_of("POST", f"{URL}/confirm-pick", found, status=200)
    assert done["status"] == "PICKED"
    at = f"/api/v1/inventory/warehouse-tasks/{task['taskId']}"
    assert operator.json_of("GET", at, status=200) == done

    goods = {"reference": "dock 3", "items": [{"skuId": "MUG", "received": 6, "damaged": 1}]}
    came = operator.json_of("POST", f"{URL}/receive", goods, status=200)
    assert (came["status"], came["items"][0]["done"], counts(mug)[0]) == ("DONE", 6, 16)

    expected = {"reference": "ASN 1", "items": [{"skuId": "MUG", "quantity": 5}]}
    told = operator.json_of("POST", f"{URL}/receipts", expected, status=201)
    off = f"/api/v1/inventory/warehouse-tasks/{told['taskId']}/cancel"
    assert operator.json_of("POST", off, {"reason": "lost"}, status=200)["status"] == "CANCELLED"
    listed = operator.json_of("GET", f"{URL}/tasks?status=DONE", status=200)["results"]
    assert [one["taskId"] for one in listed] == [came["taskId"]]


def test_people_receive_units_by_their_numbers(operator: Any, mug: UUID) -> None:
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-10, reason="sold"))
    services.track_sku(Tracking(sku_id=mug, serials=True))

    def receive(*numbers: str, status: int) -> Any:
        came = {"skuId": "MUG", "received": 2, "damaged": 1, "serials": numbers}
        return operator.json_of("POST", f"{URL}/receive", {"items": [came]}, status=status)

    assert receive("s1", status=409)["code"] == "inventory/serial-required"
    assert receive("s1", "s2", status=200)["status"] == "DONE"
    there = Serial.objects.filter(sku_id=mug, location__code="main")
    assert set(there.values_list("number", flat=True)) == {"s1", "s2"}
    assert counts(mug) == (2, 0, 0)


def test_the_warehouses_inventory_stands_beside_ours_in_pages(
    operator: Any, sandbox_server: SandboxServer
) -> None:
    skus = sorted(stocked(5) for _ in range(3))
    assert operator.json_of("GET", f"{URL}/inventory", status=409)["code"] == (
        "inventory/no-warehouse-system"
    )
    place = location()
    place.warehouse_system = "sandbox"
    place.save()
    sandbox_server.wms("main", stock={str(skus[0]): 4, str(skus[1]): 5})

    page = operator.json_of("GET", f"{URL}/inventory?pageSize=2", status=200)
    rest = operator.json_of("GET", f"{URL}/inventory{page['next']}", status=200)

    assert [one["difference"] for one in page["results"]] == [-1, 0]
    assert ([one["difference"] for one in rest["results"]], rest["next"]) == ([-5], None)


def test_the_webhook_takes_what_is_signed_once(api: Any, sandbox_server: SandboxServer) -> None:
    sku = stocked(5)
    place = location()
    place.warehouse_system = "sandbox"
    place.save()
    task = operator_pick(sku)
    sandbox_server.wms("main", steps=2)
    body = json.dumps(sandbox_server.get("/wms/v1/callbacks")["events"][1]).encode()
    now = int(clock.now().timestamp())

    def send(header: str) -> Any:
        return api.post(
            f"{URL}/webhook",
            data=body,
            content_type="application/json",
            headers={"Sandbox-Signature": header},
        )

    assert send("t=1,v1=x").status_code == 401
    good = signature_of(body, secret=SECRET, timestamp=now)
    assert [send(good).json()["duplicate"] for _ in range(2)] == [False, True]
    assert services.get_task(task_id=task).status == "PICKED"


def operator_pick(sku: UUID) -> UUID:
    from apps.inventory.types import RequestPick

    order_id = UUID(allocated(sku, 2))
    now = clock.now()
    task = services.request_pick(RequestPick(location="main", order_id=order_id), now=now)
    services.call_warehouses(now=now)
    return task.id


@pytest.mark.parametrize("path", ["pick", "confirm-pick", "receive", "receipts"])
def test_only_operators_speak_for_a_warehouse(api: Any, path: str) -> None:
    assert api.json_of("POST", f"{URL}/{path}", {}, status=401)
