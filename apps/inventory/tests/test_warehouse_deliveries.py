"""Deliveries that a warehouse receives: told to expect them, and booked once whatever becomes of its reports."""

import itertools
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services
from apps.inventory.errors import InboundRefused, PurchaseRefused, RunByItsSystem
from apps.inventory.models import Discrepancy, Location, WarehouseMessage, WarehouseTask
from apps.inventory.tests.factories import counts, location
from apps.inventory.tests.test_broken import damaged
from apps.inventory.tests.test_purchasing import BUYER, receive, sent, settle, worth
from apps.inventory.tests.test_warehouse import (
    HALL,
    NOW,
    callbacks,
    calling_back,
    hall,
    level,
    tell,
    wait_for,
)
from apps.inventory.tests.test_warehouse_files import BARN, HEAD, barn, put
from apps.inventory.types import (
    AnnounceInbound,
    AnnounceReceipt,
    ExpectedItem,
    Inbound,
    LotUnits,
    ReportedLine,
    SaveSupplier,
    StockLine,
    Tracking,
)
from apps.inventory.types import (
    WarehouseTask as Task,
)
from ecommerce.events.testing import published
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once
from sandbox.testing import SandboxServer, sandbox_server

__all__ = ["barn", "calling_back", "hall", "sandbox_server"]

pytestmark = pytest.mark.django_db


def ordered(lines: dict[UUID, int], *, at: str = HALL) -> Inbound:
    """A delivery of all of an order at a euro each, announced."""
    location(at)
    services.save_supplier(SaveSupplier(code="acme", name="Acme", currency="EUR"))
    order = sent({sku: (units, 100) for sku, units in lines.items()}, location=at)
    return services.create_inbound(AnnounceInbound(order_id=order.id), now=NOW)


def task_of(inbound: Inbound) -> Task:
    found = WarehouseTask.objects.filter(inbound_id=inbound.id).latest("created_at", "id")
    return services.get_task(task_id=found.id)


def state(inbound: Inbound) -> tuple[str, dict[str, int]]:
    """Of the delivery, and units by kind of its differences."""
    now = services.get_inbound(inbound_id=inbound.id)
    return now.state, {d.kind: d.units for d in now.discrepancies if d.state == "OPEN"}


def reports(server: SandboxServer, inbound: Inbound, sku: UUID, **arrives: int) -> list[Any]:
    """Two callbacks: half of it came, and all."""
    services.call_warehouses(now=NOW)
    server.wms(HALL, arrives={str(sku): arrives}, steps=2)
    return callbacks(server, task_of(inbound).id)


def test_a_warehouse_is_told_of_a_delivery_and_nothing_is_expected_twice(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 10})
    task = task_of(inbound)

    assert (task.kind, task.status, task.reference) == ("receipt", "REQUESTED", inbound.number)
    assert [(line.sku_id, line.quantity) for line in task.lines] == [(sku, 10)]
    assert level(sku) == (0, 0, 0, 10, False)
    assert services.call_warehouses(now=NOW) == 1
    assert sandbox_server.get(f"/wms/v1/tasks/{task.id}")["lines"][0]["quantity"] == 10
    assert services.audit_stock().clean


def test_a_delivery_announced_again_is_told_once(hall: Location) -> None:
    inbound = ordered({new_id(): 3})
    again = AnnounceInbound(
        order_id=inbound.order_id,
        reference="ASN-1",
        items=(ExpectedItem(sku_id=new_id(), units=1),),
    )
    first = services.create_inbound(again, now=NOW)
    assert services.create_inbound(again, now=NOW) == first
    assert WarehouseTask.objects.count() == 2


@pytest.mark.parametrize("turns", sorted(set(itertools.permutations([0, 0, 1, 1], 4))))
def test_reports_in_any_order_and_number_are_received_once(
    sandbox_server: SandboxServer, hall: Location, turns: tuple[int, ...]
) -> None:
    sku = new_id()
    inbound = ordered({sku: 10})
    events = reports(sandbox_server, inbound, sku, good=7, damaged=2)

    told = [tell(events[number]) for number in turns]

    assert sum(told) == 2
    assert state(inbound) == ("RECEIVED", {"UNDER": 1, "DAMAGED": 2})
    assert level(sku) == (7, 0, 2, 0, False)
    value = worth(sku)
    assert (value.cost_minor, value.claimed_minor) == (700, 200)
    assert task_of(inbound).status == "DONE"
    assert len(published("ecommerce.inventory.warehouse.receipt_completed.v1")) == 1
    assert WarehouseMessage.objects.filter(state="applied").count() == 2
    assert services.audit_stock().clean
    if inbound.order_id:
        (line,) = services.get_purchase_order(order_id=inbound.order_id).lines
        assert (line.received, line.damaged) == (7, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["", "duplicate", "reordered", "late", "lost"])
def test_however_callbacks_go_astray_the_delivery_is_the_same(
    calling_back: SandboxServer, mode: str
) -> None:
    sku, start = new_id(), datetime.now(UTC)
    calling_back.wms(HALL, callbacks=mode)
    inbound = ordered({sku: 10})
    assert services.call_warehouses(now=start) == 1
    calling_back.wms(HALL, arrives={str(sku): {"good": 9, "damaged": 2}}, steps=2)

    later = start + timedelta(hours=1)
    if mode in {"late", "lost"}:
        time.sleep(0.5)
        assert state(inbound)[0] == "EXPECTED"
        with time_machine.travel(later, tick=True):
            calling_back.go_ahead(3600)
            if mode == "lost":
                assert services.ask_after_tasks(now=later) == 1
            wait_for(lambda: not WarehouseTask.objects.filter(closed_at=None).exists())
    expected = 0 if mode == "lost" else 2
    wait_for(lambda: WarehouseMessage.objects.filter(state="applied").count() == expected)

    assert state(inbound) == ("RECEIVED", {"OVER": 1, "DAMAGED": 2})
    assert level(sku) == (9, 0, 2, 0, False)
    assert services.audit_stock().clean


def test_more_than_was_ordered_comes_after_all_that_was(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    """The first half is the whole order, which closes by it; the second is beyond."""
    sku = new_id()
    inbound = ordered({sku: 4})
    half, whole = reports(sandbox_server, inbound, sku, good=8)
    tell(half)
    assert state(inbound) == ("PARTIALLY_RECEIVED", {})
    assert services.get_purchase_order(order_id=inbound.order_id).state == "CLOSED"  # type: ignore[arg-type]
    tell(whole)
    assert state(inbound) == ("RECEIVED", {"OVER": 4})
    assert worth(sku).cost_minor == 800


def test_what_a_warehouse_receives_is_not_received_by_hand(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    by_hand = {"location": HALL, "reference": inbound.number, "actor": "me", "now": NOW}
    lines = [ReportedLine(sku_id=sku, quantity=4, done=4)]
    with pytest.raises(RunByItsSystem), transaction.atomic():
        receive(inbound, {sku: (4, 0)})
    with pytest.raises(RunByItsSystem), transaction.atomic():
        services.receive_goods(lines=lines, **by_hand)  # type: ignore[arg-type]
    with pytest.raises(InboundRefused), transaction.atomic():
        services.announce_receipt(
            AnnounceReceipt(
                location=HALL,
                reference=inbound.number,
                lines=(StockLine(sku_id=sku, quantity=4),),
            ),
            now=NOW,
        )
    assert counts(sku) == (0, 0, 0)


def test_a_refused_delivery_is_received_by_hand(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    sandbox_server.order("decline", path="wms")
    services.call_warehouses(now=NOW)
    assert task_of(inbound).status == "FAILED"
    assert level(sku) == (0, 0, 0, 4, False), "it still comes"
    receive(inbound, {sku: (4, 0)})
    assert state(inbound) == ("RECEIVED", {})
    assert level(sku) == (4, 0, 0, 0, False)


def test_a_task_that_is_called_off_midway_leaves_the_rest_to_people(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=1)
    (half,) = callbacks(sandbox_server, task_of(inbound).id)
    services.cancel_task(task_id=task_of(inbound).id, reason="by hand", now=NOW)
    with pytest.raises(RunByItsSystem), transaction.atomic():
        receive(inbound, {sku: (2, 0)})
    services.call_warehouses(now=NOW)
    tell(half)

    receive(inbound, {sku: (2, 0)})

    assert state(inbound) == ("RECEIVED", {})
    assert level(sku) == (4, 0, 0, 0, False)


def test_a_delivery_of_which_nobody_was_told_yet_is_off_at_once(hall: Location) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    assert services.cancel_inbound(inbound_id=inbound.id, now=NOW).state == "CANCELLED"
    assert task_of(inbound).status == "CANCELLED"
    assert level(sku) == (0, 0, 0, 0, False)


def test_a_delivery_is_off_once_its_warehouse_has_agreed(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    services.call_warehouses(now=NOW)
    for _repeat in range(2):
        asked = services.cancel_inbound(inbound_id=inbound.id, now=NOW)
        assert (asked.state, asked.called_off_at) == ("EXPECTED", NOW)
    services.call_warehouses(now=NOW)
    assert state(inbound) == ("CANCELLED", {})
    assert level(sku) == (0, 0, 0, 0, False)
    assert services.cancel_inbound(inbound_id=inbound.id, now=NOW).state == "CANCELLED"


def test_a_delivery_that_came_all_the_same_is_received(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    events = reports(sandbox_server, inbound, sku, good=4)
    services.cancel_inbound(inbound_id=inbound.id, now=NOW)
    services.call_warehouses(now=NOW)
    for event in events:
        tell(event)
    assert state(inbound) == ("RECEIVED", {})
    assert counts(sku) == (4, 0, 0)


def test_a_part_that_came_before_the_warehouse_agreed_stays(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    inbound = ordered({sku: 4})
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=1)
    services.cancel_inbound(inbound_id=inbound.id, now=NOW)
    services.call_warehouses(now=NOW)
    assert state(inbound) == ("RECEIVED", {"UNDER": 2})
    assert level(sku) == (2, 0, 0, 0, False)


def test_an_order_is_not_called_off_over_the_head_of_its_warehouse(hall: Location) -> None:
    inbound = ordered({new_id(): 4})
    assert inbound.order_id is not None
    with pytest.raises(PurchaseRefused, match="warehouse"), transaction.atomic():
        services.cancel_purchase_order(
            order_id=inbound.order_id, reason="no", viewer=BUYER, now=NOW
        )
    services.cancel_inbound(inbound_id=inbound.id, now=NOW)
    services.cancel_purchase_order(order_id=inbound.order_id, reason="no", viewer=BUYER, now=NOW)


def test_a_stranger_in_the_truck_is_over_and_what_is_no_sku_is_refused(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    product = catalog.create_product(
        ProductFields(title="Tea"), now=NOW, skus=[SkuFields(code="TEA")]
    )
    sku, tea = new_id(), product.skus[0].sku_id
    inbound = ordered({sku: 2})
    half, whole = reports(sandbox_server, inbound, sku, good=2)
    half["task"]["lines"].append({"sku": str(new_id()), "quantity": 0, "done": 1})
    whole["task"]["lines"].append({"sku": str(tea), "quantity": 0, "done": 3})
    tell(half)
    assert WarehouseMessage.objects.get().state == "failed"
    tell(whole)
    assert state(inbound) == ("RECEIVED", {"OVER": 3})
    assert counts(tea) == (3, 0, 0)
    assert services.audit_stock().clean


def test_a_report_may_name_the_delivery_of_which_its_warehouse_was_never_told(
    sandbox_server: SandboxServer,
) -> None:
    sku = new_id()
    inbound = ordered({sku: 5})
    place = location(HALL)
    place.warehouse_system = "sandbox"
    place.save()
    line = {"sku": str(sku), "quantity": 5, "done": 3, "damaged": 1}
    event = {
        "id": "one",
        "task": {
            "taskId": str(inbound.id),
            "warehouse": HALL,
            "status": "completed",
            "sequence": 1,
            "lines": [line],
        },
    }
    assert tell(event)
    assert tell(event | {"id": "two"}), "told anew, and known"
    assert not tell(event)
    assert state(inbound) == ("RECEIVED", {"UNDER": 1, "DAMAGED": 1})
    assert level(sku) == (3, 0, 1, 0, False)
    assert services.call_warehouses(now=NOW) == 0


def refusing(work: Any) -> Any:
    def run() -> str:
        try:
            work()
        except (RunByItsSystem, InboundRefused):
            return "refused"
        return "done"

    return run


@pytest.mark.django_db(transaction=True)
def test_reports_a_cancellation_and_a_hand_at_once_book_it_once(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    for _round in range(4):
        sku = new_id()
        inbound = ordered({sku: 6})
        half, whole = reports(sandbox_server, inbound, sku, good=4, damaged=2)

        at_once(
            [
                partial(tell, half),
                partial(tell, whole),
                partial(tell, whole | {"id": "again"}),
                refusing(partial(services.cancel_inbound, inbound_id=inbound.id, now=NOW)),
                refusing(partial(receive, inbound, {sku: (6, 0)})),
            ]
        )
        services.apply_messages(now=NOW + timedelta(minutes=5))
        services.call_warehouses(now=NOW + timedelta(minutes=5))
        WarehouseMessage.objects.all().delete()
        assert state(inbound) == ("RECEIVED", {"DAMAGED": 2})
        assert level(sku) == (4, 0, 2, 0, False)
        settle(Discrepancy.objects.get(line__inbound_id=inbound.id).id, "accept")
        assert damaged(sku) == 0
    assert services.audit_stock().clean


def test_people_receive_the_numbers_of_a_delivery(db: None) -> None:
    sku = services.track_sku(Tracking(sku_id=new_id(), lots=True, serials=True)).sku_id
    inbound = ordered({sku: 2}, at="shed")
    came = ReportedLine(
        sku_id=sku,
        quantity=2,
        done=2,
        lots=(LotUnits(code="a", quantity=2),),
        serials=("s1", "s2"),
    )
    services.receive_goods(
        location="shed", lines=[came], reference=inbound.number, actor="me", now=NOW
    )
    assert state(inbound) == ("RECEIVED", {})
    assert counts(sku) == (2, 0, 0)


def test_people_receive_a_delivery_that_they_name(db: None) -> None:
    sku = new_id()
    inbound = ordered({sku: 5}, at="shed")
    assert not WarehouseTask.objects.exists()
    for good in (2, 3):
        task = services.receive_goods(
            location="shed",
            lines=[ReportedLine(sku_id=sku, quantity=good, done=good)],
            reference=inbound.number,
            actor="me",
            now=NOW,
        )
        assert (task.status, task.inbound_id) == ("DONE", inbound.id)
    assert state(inbound) == ("RECEIVED", {})
    assert worth(sku).cost_minor == 500
    with pytest.raises(InboundRefused):
        services.receive_goods(
            location="shed",
            lines=[ReportedLine(sku_id=sku, quantity=1, done=1)],
            reference=inbound.number,
            actor="me",
            now=NOW,
        )
    assert counts(sku) == (5, 0, 0)


def test_a_file_names_the_task_or_the_number_of_the_delivery(barn: Path) -> None:
    product = catalog.create_product(
        ProductFields(title="Mug"), now=NOW, skus=[SkuFields(code="MUG")]
    )
    mug = product.skus[0].sku_id
    inbound = ordered({mug: 5}, at=BARN)
    assert services.call_warehouses(now=NOW) == 1
    (out,) = (barn / "out").iterdir()
    told = out.read_text().splitlines()[1].split(",")
    assert (told[3], told[4], told[6]) == (inbound.number, "MUG", "5")

    put(barn, "half.csv", HEAD, f"{inbound.number},1,working,MUG,2,0")
    services.read_dropped_files(now=NOW)
    assert state(inbound) == ("PARTIALLY_RECEIVED", {})
    for name in ("whole.csv", "again.csv"):
        put(barn, name, HEAD, f"{task_of(inbound).id},2,completed,MUG,3,1")
        services.read_dropped_files(now=NOW)

    assert state(inbound) == ("RECEIVED", {"UNDER": 1, "DAMAGED": 1})
    assert (counts(mug)[0], damaged(mug)) == (3, 1)
    assert services.audit_stock().clean
