"""The warehouse works on a task in halves, once, and puts back what is called off."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.testing import SandboxServer, sandbox_server

__all__ = ["sandbox_server"]

SKU = str(uuid4())


def task(kind: str = "pick", quantity: int = 5) -> dict[str, Any]:
    return {
        "taskId": str(uuid4()),
        "warehouse": "hall",
        "kind": kind,
        "lines": [{"sku": SKU, "quantity": quantity}],
    }


def shelf(server: SandboxServer) -> int:
    (item,) = server.get("/wms/v1/warehouses/hall/inventory")["items"]
    return int(item["onHand"])


def test_a_pick_takes_what_is_there_and_tells_of_each_half(sandbox_server: SandboxServer) -> None:
    sandbox_server.wms("hall", stock={SKU: 4})
    body = task()
    statuses = [sandbox_server.post("/wms/v1/tasks", body).status_code for _ in range(2)]
    sandbox_server.wms("hall", steps=3)

    told = [event["task"] for event in sandbox_server.get("/wms/v1/callbacks")["events"]]
    assert statuses == [201, 200]
    assert [(one["sequence"], one["lines"][0]["done"]) for one in told] == [(2, 2), (3, 4)]
    assert shelf(sandbox_server) == 0


def test_what_is_called_off_is_put_back_and_never_done(sandbox_server: SandboxServer) -> None:
    sandbox_server.wms("hall", stock={SKU: 9})
    done, never = task(), task()
    sandbox_server.post("/wms/v1/tasks", done).raise_for_status()
    sandbox_server.wms("hall", steps=2)
    for one in (done, never):
        answer = sandbox_server.post(f"/wms/v1/tasks/{one['taskId']}/cancel", one)
        assert answer.json()["status"] == "cancelled"
    assert sandbox_server.post("/wms/v1/tasks", never).json()["status"] == "cancelled"
    assert shelf(sandbox_server) == 9


def test_goods_arrive_as_was_ordered(sandbox_server: SandboxServer) -> None:
    body = task("receipt")
    sandbox_server.wms("hall", arrives={SKU: {"good": 3, "damaged": 1}})
    sandbox_server.post("/wms/v1/tasks", body).raise_for_status()
    sandbox_server.wms("hall", steps=2)
    (line,) = sandbox_server.get(f"/wms/v1/tasks/{body['taskId']}")["lines"]
    assert (line["done"], line["damaged"], shelf(sandbox_server)) == (3, 1, 3)


@pytest.mark.parametrize("fields", [{"kind": "x"}, {"lines": []}, {"taskId": "1"}])
def test_what_makes_no_sense_is_refused(
    sandbox_server: SandboxServer, fields: dict[str, Any]
) -> None:
    assert sandbox_server.post("/wms/v1/tasks", task() | fields).status_code == 422
