"""A paid order through a warehouse that has a system of its own: what one room tells, the others do."""

from typing import Any
from uuid import UUID

import pytest

from apps.inventory import services as inventory
from apps.inventory.types import Allocation, WarehouseTask
from apps.shipping import services
from apps.shipping.tests.factories import BOSS, NOW, requested
from ecommerce import clock
from ecommerce.dimensions import LOCATION
from ecommerce.events.testing import drain, published
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id
from sandbox.testing import SandboxServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({OPERATOR})))
    return api


@pytest.fixture
def _run_by_a_system(admin_client: Any) -> None:
    inventory.ensure_location(code=LOCATION)
    inventory_location = inventory.location_summary(location_id=_main())
    body = {
        "code": LOCATION, "name": inventory_location.name, "kind": "warehouse", "country": "DE",
        "priority": 10, "active": "on", "warehouse_system": "sandbox", "parcel_cost_minor": 0,
        "parcel_cost_abroad_minor": 0, "lead_days": 0,
    }  # fmt: skip
    url = f"/admin/inventory/location/{inventory_location.id}/change/"
    assert admin_client.post(url, body).status_code == 302


def _main() -> UUID:
    return inventory.ensure_location(code=LOCATION)


def allocation_of(operator: Any, order_id: UUID) -> Allocation:
    listed = operator.json_of("GET", "/api/v1/allocations", status=200)["results"]
    (found,) = [one for one in listed if one["orderId"] == str(order_id)]
    return inventory.get_allocation(allocation_id=UUID(found["allocationId"]))


def task_of(operator: Any, order_id: UUID) -> WarehouseTask:
    path = f"/api/v1/warehouses/{LOCATION}/tasks?orderId={order_id}"
    (found,) = operator.json_of("GET", path, status=200)["results"]
    return inventory.get_task(task_id=UUID(found["taskId"]))


@pytest.mark.usefixtures("_run_by_a_system")
def test_an_order_is_allocated_picked_packed_and_shipped(
    operator: Any, sandbox_server: SandboxServer
) -> None:
    fulfilment = requested()
    assert allocation_of(operator, fulfilment.order_id).country == "NL"
    services.start_picking(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    drain()
    assert allocation_of(operator, fulfilment.order_id).status == "PICKING"

    assert inventory.call_warehouses(now=clock.now()) == 1
    sandbox_server.wms(LOCATION, steps=2)
    task = task_of(operator, fulfilment.order_id)
    assert task.status == "ACCEPTED"
    assert inventory.ask_after_tasks(now=clock.now()) == 0, "it has time yet"
    later = task.updated_at.replace(year=task.updated_at.year + 1)
    assert inventory.ask_after_tasks(now=later) == 1
    assert allocation_of(operator, fulfilment.order_id).status == "PICKED"

    services.finish_packing(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    assert allocation_of(operator, fulfilment.order_id).status == "PACKED"
    services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    assert allocation_of(operator, fulfilment.order_id).status == "SHIPPED"
    assert len(published("ecommerce.inventory.allocation.completed.v1")) == 1


@pytest.mark.usefixtures("_run_by_a_system")
def test_a_fulfilment_that_is_called_off_is_not_picked(
    operator: Any, sandbox_server: SandboxServer
) -> None:
    fulfilment = requested()
    services.start_picking(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    drain()
    inventory.call_warehouses(now=clock.now())
    services.cancel_fulfilment(fulfillment_id=fulfilment.id, reason="no time", viewer=BOSS, now=NOW)
    drain()
    inventory.call_warehouses(now=clock.now())

    assert task_of(operator, fulfilment.order_id).status == "CANCELLED"
    assert allocation_of(operator, fulfilment.order_id).status == "ALLOCATED"
