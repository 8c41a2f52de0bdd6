"""Warehouses: whatever happens to calls and callbacks, the same stock comes of it."""

import itertools
import json
import time
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections

from apps.inventory import services
from apps.inventory.errors import BadWarehouseSignature, NothingToPick, RunByItsSystem
from apps.inventory.models import (
    Location,
    StockLevel,
    StockMovement,
    WarehouseMessage,
    WarehouseTask,
)
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import (
    AdjustStock,
    AnnounceReceipt,
    RequestPick,
    StockLine,
    Tracking,
)
from ecommerce.events.testing import published
from ecommerce.ids import new_id
from ecommerce.signatures import signature_of
from sandbox.testing import SECRET, SandboxServer, sandbox_server

__all__ = ["sandbox_server"]

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HALL = "hall-1"


@pytest.fixture
def hall(db: None) -> Location:
    place = location(HALL)
    place.warehouse_system = "sandbox"
    place.save()
    return place


def order_for(lines: dict[UUID, int]) -> UUID:
    """An order whose units are allocated."""
    command = order_of(lines)
    services.reserve_stock(command)
    services.confirm_reservation(order_id=command.order_id, now=NOW)
    return command.order_id


def pick_of(order_id: UUID) -> UUID:
    return services.request_pick(RequestPick(location=HALL, order_id=order_id), now=NOW).id


def callbacks(server: SandboxServer, task_id: UUID) -> list[dict[str, Any]]:
    """Two of a task: half of it is done, all of it is done."""
    events = server.get("/wms/v1/callbacks")["events"]
    return [event for event in events if event["task"]["taskId"] == str(task_id)]


def tell(event: dict[str, Any], *, now: datetime = NOW, secret: str = SECRET) -> bool:
    body = json.dumps(event).encode()
    header = signature_of(body, secret=secret, timestamp=int(now.timestamp()))
    return services.receive_callback(
        location=HALL, body=body, headers={"Sandbox-Signature": header}, now=now
    )


def level(sku_id: UUID) -> tuple[int, int, int, int, bool]:
    """On hand, allocated, damaged, incoming, held from sale."""
    row = StockLevel.objects.get(sku_id=sku_id, location__code=HALL)
    return row.on_hand, row.allocated, row.damaged, row.incoming, row.held


def test_a_pick_is_told_to_the_warehouse_and_comes_back_done(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    sandbox_server.wms(HALL, stock={str(sku): 5})
    task_id = pick_of(order_for({sku: 4}))

    assert services.get_task(task_id=task_id).status == "REQUESTED"
    assert services.call_warehouses(now=NOW) == 1
    assert services.get_task(task_id=task_id).status == "ACCEPTED"
    sandbox_server.wms(HALL, steps=2)
    half, whole = callbacks(sandbox_server, task_id)
    assert tell(half)
    assert services.get_task(task_id=task_id).lines[0].done == 2
    assert tell(whole)

    task = services.get_task(task_id=task_id)
    assert (task.status, task.lines[0].done, task.pending) == ("PICKED", 4, "")
    assert level(sku) == (5, 4, 0, 0, False)
    (fact,) = published("ecommerce.inventory.warehouse.pick_completed.v1")
    assert fact.payload["short"] is False
    assert len(published("ecommerce.inventory.warehouse.pick_created.v1")) == 1


def test_a_short_pick_keeps_the_sku_from_sale(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    sandbox_server.wms(HALL, stock={str(sku): 1})
    task_id = pick_of(order_for({sku: 4}))
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)
    tell(callbacks(sandbox_server, task_id)[1])

    task = services.get_task(task_id=task_id)
    assert (task.status, task.lines[0].done) == ("SHORT", 1)
    assert level(sku)[-1] is True
    assert services.availability(sku_ids=[sku])[sku].available == 0


@pytest.mark.parametrize("order", list(itertools.permutations([0, 0, 1, 1], 4))[::3])
def test_callbacks_lead_to_the_same_stock_in_any_order_and_number(
    sandbox_server: SandboxServer, hall: Location, order: tuple[int, ...]
) -> None:
    sku = new_id()
    task = services.announce_receipt(
        AnnounceReceipt(location=HALL, lines=(StockLine(sku_id=sku, quantity=10),)), now=NOW
    )
    assert level(sku) == (0, 0, 0, 10, False)
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, arrives={str(sku): {"good": 8, "damaged": 1}}, steps=2)
    events = callbacks(sandbox_server, task.id)

    told = [tell(events[number]) for number in order]

    assert sum(told) == len(set(order))
    assert services.get_task(task_id=task.id).status == "DONE"
    assert level(sku) == (8, 0, 1, 0, False)
    assert len(published("ecommerce.inventory.warehouse.receipt_completed.v1")) == 1


def test_a_lost_callback_is_asked_after(sandbox_server: SandboxServer, hall: Location) -> None:
    sku = stocked(3, at=HALL)
    sandbox_server.wms(HALL, callbacks="lost")
    task_id = pick_of(order_for({sku: 3}))
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)

    assert services.ask_after_tasks(now=NOW + timedelta(minutes=14)) == 0
    assert services.ask_after_tasks(now=NOW + timedelta(minutes=15)) == 1
    assert services.get_task(task_id=task_id).status == "PICKED"
    assert tell(callbacks(sandbox_server, task_id)[1])
    assert len(published("ecommerce.inventory.warehouse.pick_completed.v1")) == 1


def test_a_lost_answer_is_asked_after_before_the_task_is_sent_again(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(3, at=HALL)
    task_id = pick_of(order_for({sku: 3}))
    sandbox_server.order("lost_answer", path="wms")

    assert services.call_warehouses(now=NOW) == 0
    task = services.get_task(task_id=task_id)
    assert (task.status, task.pending, task.tries) == ("SENT", "create", 1)
    assert services.call_warehouses(now=NOW + timedelta(seconds=1)) == 0, "not yet due"
    assert services.call_warehouses(now=NOW + timedelta(seconds=2)) == 1
    task = services.get_task(task_id=task_id)
    assert (task.status, task.pending) == ("ACCEPTED", "")


def test_a_warehouse_that_is_down_gets_its_tasks_when_it_is_back(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(3, at=HALL)
    task_id = pick_of(order_for({sku: 3}))
    sandbox_server.kill()
    now = NOW
    for _try in range(5):
        assert services.call_warehouses(now=now) == 0
        now = WarehouseTask.objects.get(id=task_id).next_try_at or now
    assert now - NOW == timedelta(seconds=2 + 4 + 8 + 16 + 32)
    sandbox_server.restart()

    assert services.call_warehouses(now=now) == 1
    sandbox_server.wms(HALL, steps=2)
    tell(callbacks(sandbox_server, task_id)[1])
    assert services.get_task(task_id=task_id).status == "PICKED"


def test_a_refused_task_has_failed_and_expects_nothing(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    lines = (StockLine(sku_id=sku, quantity=10),)
    task = services.announce_receipt(AnnounceReceipt(location=HALL, lines=lines), now=NOW)
    sandbox_server.order("decline", path="wms")

    services.call_warehouses(now=NOW)

    assert services.get_task(task_id=task.id).status == "FAILED"
    assert level(sku) == (0, 0, 0, 0, False)


def test_a_pick_that_is_called_off_is_put_back(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    sandbox_server.wms(HALL, stock={str(sku): 5})
    order_id = order_for({sku: 4})
    task_id = pick_of(order_id)
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)
    services.cancel_reservation(order_id=order_id, reason="changed their mind")
    services.cancel_task(task_id=task_id, reason="changed their mind", now=NOW)

    assert services.get_task(task_id=task_id).status == "ACCEPTED", "the warehouse has the word"
    services.call_warehouses(now=NOW)
    for event in callbacks(sandbox_server, task_id):
        tell(event)

    task = services.get_task(task_id=task_id)
    assert (task.status, task.lines[0].done) == ("CANCELLED", 0)
    compared = services.compare_stock(location=HALL, now=NOW)
    assert (compared.skus, compared.differing) == (1, 0)


def test_a_task_that_was_never_sent_is_off_at_once(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    task_id = pick_of(order_for({sku: 4}))

    services.cancel_task(task_id=task_id, reason="", now=NOW)

    assert services.get_task(task_id=task_id).status == "CANCELLED"
    assert services.call_warehouses(now=NOW) == 0


def test_a_task_whose_fate_is_unknown_is_fenced_by_its_cancellation(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    task_id = pick_of(order_for({sku: 4}))
    sandbox_server.order("unavailable", path="wms")
    services.call_warehouses(now=NOW)
    services.cancel_task(task_id=task_id, reason="", now=NOW)

    assert services.call_warehouses(now=NOW) == 1
    assert services.get_task(task_id=task_id).status == "CANCELLED"
    late = {
        "taskId": str(task_id),
        "warehouse": HALL,
        "kind": "pick",
        "lines": [{"sku": str(sku), "quantity": 4}],
    }
    assert sandbox_server.post("/wms/v1/tasks", late).json()["status"] == "cancelled"


def test_only_the_warehouse_can_tell(sandbox_server: SandboxServer, hall: Location) -> None:
    sku = stocked(3, at=HALL)
    task_id = pick_of(order_for({sku: 3}))
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)
    event = callbacks(sandbox_server, task_id)[1]

    with pytest.raises(BadWarehouseSignature):
        tell(event, secret="another")
    with pytest.raises(RunByItsSystem):
        services.confirm_pick(location=HALL, task_id=task_id, picked={}, actor="me", now=NOW)
    assert WarehouseMessage.objects.count() == 0


def test_a_report_that_makes_no_sense_is_given_up_and_changes_nothing(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(3, at=HALL)
    task_id = pick_of(order_for({sku: 3}))
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)
    event = callbacks(sandbox_server, task_id)[1]
    event["task"]["lines"][0]["done"] = 4

    assert tell(event)

    assert WarehouseMessage.objects.get().state == "failed"
    assert services.get_task(task_id=task_id).status == "ACCEPTED"


def test_nothing_is_picked_twice(hall: Location) -> None:
    sku = stocked(5, at=HALL)
    order_id = order_for({sku: 4})
    pick_of(order_id)
    with pytest.raises(NothingToPick):
        pick_of(order_id)


def test_people_confirm_the_picks_of_a_location_that_they_run() -> None:
    sku = stocked(5, at=HALL)
    order_id = order_for({sku: 4})
    task_id = pick_of(order_id)
    say = {"location": HALL, "task_id": task_id, "picked": {sku: 3}, "actor": "me", "now": NOW}

    assert services.confirm_pick(**say).status == "SHORT"  # type: ignore[arg-type]
    assert services.confirm_pick(**say).status == "SHORT"  # type: ignore[arg-type]
    assert len(published("ecommerce.inventory.warehouse.pick_completed.v1")) == 1


def test_what_differs_is_listed_and_becomes_a_count(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    same, less, _unknown, moving = sorted(stocked(5, at=HALL) for _ in range(4))
    stray = new_id()
    sandbox_server.wms(HALL, stock={str(same): 5, str(less): 3, str(moving): 1, str(stray): 2})
    pick_of(order_for({moving: 2}))

    compared = services.compare_stock(location=HALL, now=NOW)
    count = services.count_differences(comparison_id=compared.id, actor="me", now=NOW)

    assert (compared.skus, compared.differing, compared.moving) == (5, 3, 1)
    assert (count.counted, count.units_missing, count.units_found) == (3, 7, 2)
    assert services.compare_all_stock(now=NOW + timedelta(hours=22)) == 0, "once a day"
    assert services.compare_all_stock(now=NOW + timedelta(hours=24)) == 3


def test_lots_of_a_warehouses_own_are_nothing_to_us(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = new_id()
    lines = (StockLine(sku_id=sku, quantity=4),)
    task = services.announce_receipt(AnnounceReceipt(location=HALL, lines=lines), now=NOW)
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, arrives={str(sku): {"good": 4}}, steps=2)
    whole = callbacks(sandbox_server, task.id)[1]
    whole["task"]["lines"][0]["lots"] = [{"code": "theirs", "quantity": 4}]
    assert tell(whole)
    assert services.get_task(task_id=task.id).status == "DONE"
    assert level(sku) == (4, 0, 0, 0, False)


def test_lots_that_a_warehouse_did_not_tell_are_left_to_be_counted(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    services.track_sku(Tracking(sku_id=sku, lots=True))
    sandbox_server.wms(HALL, stock={str(sku): 3})
    compared = services.compare_stock(location=HALL, now=NOW)
    count = services.count_differences(comparison_id=compared.id, actor="me", now=NOW)
    assert (count.lines, count.counted) == (1, 0)


def test_picked_units_that_wait_to_leave_are_no_difference(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(5, at=HALL)
    sandbox_server.wms(HALL, stock={str(sku): 5})
    order_id = order_for({sku: 4})
    task_id = pick_of(order_id)
    services.call_warehouses(now=NOW)
    sandbox_server.wms(HALL, steps=2)
    tell(callbacks(sandbox_server, task_id)[1])

    (stock,) = services.warehouse_stock(location=HALL)
    assert (stock.theirs, stock.ours, stock.staged) == (1, 1, 4)
    services.ship_stock(order_id=order_id, lines=[StockLine(sku_id=sku, quantity=4)])
    (stock,) = services.warehouse_stock(location=HALL)
    assert (stock.theirs, stock.ours, stock.staged) == (1, 1, 0)


def test_a_silent_warehouse_is_no_difference(sandbox_server: SandboxServer, hall: Location) -> None:
    stocked(5, at=HALL)
    sandbox_server.order("unavailable", path="wms")
    compared = services.compare_stock(location=HALL, now=NOW)
    assert (compared.differing, bool(compared.error)) == (0, True)


@pytest.fixture
def calling_back(sandbox_server: SandboxServer, live_server: Any, hall: Location) -> SandboxServer:
    """A sandbox that sends its callbacks to a real server of ours."""
    sandbox_server.call_back(
        f"{live_server.url}/api/v1/payments/webhooks/sandbox", tracking_seconds=0
    )
    return sandbox_server


def wait_for(told: Any) -> None:
    deadline = time.monotonic() + 20
    while not told() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert told()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["", "duplicate", "reordered", "late", "lost"])
def test_however_callbacks_go_astray_the_stock_is_the_same(
    calling_back: SandboxServer, mode: str
) -> None:
    came, picked = new_id(), stocked(9, at=HALL)
    start = datetime.now(UTC)
    calling_back.wms(HALL, callbacks=mode, stock={str(picked): 6})
    order_id = order_for({picked: 8})
    lines = (StockLine(sku_id=came, quantity=10),)
    receipt = services.announce_receipt(AnnounceReceipt(location=HALL, lines=lines), now=start)
    pick = services.request_pick(RequestPick(location=HALL, order_id=order_id), now=start)
    assert services.call_warehouses(now=start) == 2
    calling_back.wms(HALL, arrives={str(came): {"good": 7, "damaged": 2}}, steps=2)

    later = start + timedelta(hours=1)
    if mode in {"late", "lost"}:
        time.sleep(0.5)
        assert WarehouseMessage.objects.count() == 0
        with time_machine.travel(later, tick=True):
            calling_back.go_ahead(3600)
            if mode == "lost":
                assert services.ask_after_tasks(now=later) == 2
            wait_for(lambda: not WarehouseTask.objects.filter(closed_at=None).exists())
    expected = 0 if mode == "lost" else 4
    wait_for(lambda: WarehouseMessage.objects.filter(state="applied").count() == expected)

    assert services.get_task(task_id=receipt.id).status == "DONE"
    assert services.get_task(task_id=pick.id).status == "SHORT"
    assert level(came) == (7, 0, 2, 0, False)
    assert level(picked) == (9, 8, 0, 0, True)
    assert not any(services.audit_stock().off.values())
    received = StockMovement.objects.filter(sku_id=came)
    assert sum(received.values_list("delta", flat=True)) == 7


@pytest.mark.django_db(transaction=True)
def test_a_callback_and_a_cancellation_at_once_leave_one_truth(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    for _round in range(5):
        sku = stocked(5, at=HALL)
        sandbox_server.wms(HALL, stock={str(sku): 5})
        task_id = pick_of(order_for({sku: 4}))
        services.call_warehouses(now=NOW)
        sandbox_server.wms(HALL, steps=2)
        event = callbacks(sandbox_server, task_id)[1]
        together = Barrier(3)

        def at_once(work: Any, together: Barrier = together) -> Thread:
            def run() -> None:
                together.wait()
                try:
                    work()
                finally:
                    connections.close_all()

            thread = Thread(target=run)
            thread.start()
            return thread

        threads = [
            at_once(lambda event=event: tell(event)),
            at_once(lambda event=event: tell(event)),
            at_once(
                lambda task_id=task_id: (
                    services.cancel_task(task_id=task_id, reason="", now=NOW),
                    services.call_warehouses(now=NOW),
                )
            ),
        ]
        for thread in threads:
            thread.join()
        services.call_warehouses(now=NOW + timedelta(minutes=3))
        task = services.get_task(task_id=task_id)
        assert (task.status, task.lines[0].done, task.pending) == ("CANCELLED", 0, "")
        (stock,) = [one for one in services.warehouse_stock(location=HALL) if one.sku_id == sku]
        assert (stock.theirs, stock.ours) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_task_once(sandbox_server: SandboxServer, hall: Location) -> None:
    tasks = [pick_of(order_for({stocked(3, at=HALL): 1})) for _ in range(6)]
    sent: list[int] = []

    def work() -> None:
        sent.append(services.call_warehouses(now=NOW))
        connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 6
    assert WarehouseTask.objects.filter(id__in=tasks, status="ACCEPTED", tries=0).count() == 6
    connection.close()


def test_what_moved_since_a_comparison_is_no_difference(
    sandbox_server: SandboxServer, hall: Location
) -> None:
    sku = stocked(12, at=HALL)
    sandbox_server.wms(HALL, stock={str(sku): 10})
    compared = services.compare_stock(location=HALL, now=NOW)
    services.adjust_stock(AdjustStock(sku_id=sku, delta=-5, reason="sold", location=HALL))

    count = services.count_differences(comparison_id=compared.id, actor="me", now=NOW)

    assert (count.units_missing, count.units_found) == (2, 0)
