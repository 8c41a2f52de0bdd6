"""Ask a warehouse for something: put it on record, to be told of soon, and certain to be."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.inventory.domain.order_lines import merged
from apps.inventory.domain.purchasing import INBOUND_OPEN
from apps.inventory.domain.warehouse import outstanding
from apps.inventory.errors import (
    InboundRefused,
    NoReservation,
    NothingToPick,
    ReservationClosed,
    TaskClosed,
)
from apps.inventory.events import PickCreated
from apps.inventory.models import Inbound
from apps.inventory.models import WarehouseTask as TaskRow
from apps.inventory.models import WarehouseTaskLine as LineRow
from apps.inventory.queries import purchasing as deliveries
from apps.inventory.queries import reading, warehouse
from apps.inventory.queries.warehouse import Place
from apps.inventory.services._incoming import arrive_stock, expect_stock
from apps.inventory.services.allocation import note_picking, note_put_back
from apps.inventory.services.warehouse._read import facts_of, get_task, task_of
from apps.inventory.types import (
    AnnounceReceipt,
    IncomingChange,
    RequestPick,
    WarehouseTask,
)
from ecommerce.events import publish
from ecommerce.ids import new_id


def request_pick(command: RequestPick, *, now: datetime) -> WarehouseTask:
    """Have a location pick units that are allocated to an order there.

    One pick of an order is open at a location at a time, and nothing is picked twice. A repeated ``task_id``
    is the first task. Raises UnknownLocation, NoReservation, ReservationClosed, NothingToPick.
    """
    place = warehouse.place(command.location)
    task_id = command.task_id or new_id()
    if TaskRow.objects.filter(id=task_id).exists():
        return get_task(task_id=task_id)
    try:
        with transaction.atomic():
            wanted = _to_pick(command, place)
            row = _insert(
                TaskRow(
                    id=task_id,
                    location_id=place.id,
                    kind="pick",
                    order_id=command.order_id,
                    created_by=command.actor,
                ),
                wanted,
                place,
                now,
            )
            task = task_of(row)
            note_picking(order_id=command.order_id, now=now)
            publish(
                PickCreated(
                    task_id=row.id,
                    location_id=place.code,
                    order_id=command.order_id,
                    lines=facts_of(task.lines),
                )
            )
            return task
    except IntegrityError as error:
        raise NothingToPick("The order is being picked there already.") from error


def request_picks(*, order_id: UUID, locations: Collection[str] = (), now: datetime) -> int:
    """Have an order picked at these locations, or at all that a system runs; says how many picks were made.

    Where nothing is left to pick, or somebody picks already, none is.
    """
    made = 0
    for place in warehouse.places_of_order(order_id):
        if place.code in locations or (not locations and place.system):
            with suppress(NothingToPick, ReservationClosed, NoReservation):
                request_pick(RequestPick(location=place.code, order_id=order_id), now=now)
                made += 1
    return made


@transaction.atomic
def cancel_picks(*, order_id: UUID, reason: str, now: datetime) -> int:
    """Call off every pick of an order; says how many. Units that were picked are put back.

    All tasks are locked before the first is called off: its allocation comes after them in the order of locks.
    """
    rows = TaskRow.objects.filter(order_id=order_id).exclude(status__in=("CANCELLED", "FAILED"))
    ids = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
    for task_id in ids:
        cancel_task(task_id=task_id, reason=reason, now=now)
    return len(ids)


@transaction.atomic
def announce_receipt(command: AnnounceReceipt, *, now: datetime) -> WarehouseTask:
    """Tell a location what is going to arrive there. A repeated ``task_id`` is the first task.

    A ``reference`` that is a delivery's number says that they are that delivery's, and what comes is received
    as such. Raises UnknownLocation, EmptyStockChange, and InboundRefused where that delivery is over, is
    being received, or goes elsewhere.
    """
    place = warehouse.place(command.location)
    task_id = command.task_id or new_id()
    if TaskRow.objects.filter(id=task_id).exists():
        return get_task(task_id=task_id)
    inbound = _delivery_named(command.reference, place)
    incoming = command.incoming and inbound is None
    wanted = merged(command.lines)
    row = _insert(
        TaskRow(
            id=task_id,
            location_id=place.id,
            kind="receipt",
            reference=command.reference,
            inbound=inbound,
            incoming=incoming,
            created_by=command.actor,
        ),
        wanted,
        place,
        now,
    )
    if incoming:
        expect_stock(
            [
                IncomingChange(
                    sku_id=sku_id,
                    delta=units,
                    location=place.code,
                    reference=f"task:{row.id}:announced:{sku_id}",
                )
                for sku_id, units in wanted.items()
            ]
        )
    return task_of(row)


@transaction.atomic
def cancel_task(*, task_id: UUID, reason: str, now: datetime) -> WarehouseTask:
    """Call a task off. What was never asked for is off at once; else the warehouse has the word.

    Until it has said so the task goes on as it is. Units that it has picked are put back there; what
    has arrived stays. A repeat changes nothing. Raises NoTask, TaskClosed once it is done.
    """
    row, place = warehouse.locked_task(task_id)
    if row.status == "CANCELLED" or row.pending == "cancel":
        return task_of(row)
    if row.status in {"DONE", "FAILED"}:
        raise TaskClosed(f"The task is {row.status.lower()}.", status=row.status)
    row.last_error = f"called off: {reason}"[:300]
    if place.system and (row.tries or row.status != "REQUESTED"):
        row.pending, row.tries, row.next_try_at = "cancel", 0, now
        row.updated_at = now
        row.save()
        return task_of(row)
    close(row, "CANCELLED", now)
    row.save()
    LineRow.objects.filter(task=row, task__kind="pick").update(done=0)
    if row.order_id is not None:
        note_put_back(order_id=row.order_id, now=now)
    expect_no_more(row, place)
    return task_of(row)


def close(row: TaskRow, status: str, now: datetime) -> None:
    """The task is over; a pick that is to be called off is still to be put back. To be saved."""
    row.status, row.closed_at, row.updated_at = status, now, now
    if not (row.pending == "cancel" and status in {"PICKED", "SHORT"}):
        row.pending, row.next_try_at = "", None


def expect_no_more(row: TaskRow, place: Place) -> None:
    """What an announced receipt has not brought will not come any more."""
    if row.kind != "receipt" or not row.incoming:
        return
    arrive_stock(
        [
            IncomingChange(
                sku_id=line.sku_id,
                delta=left,
                location=place.code,
                reference=f"task:{row.id}:over:{line.sku_id}",
            )
            for line in row.lines.order_by("sku_id")
            if (left := outstanding(line.quantity, line.done, line.damaged))
        ]
    )


def _insert(row: TaskRow, wanted: dict[UUID, int], place: Place, now: datetime) -> TaskRow:
    if place.system:
        row.pending, row.next_try_at = "create", now
    else:
        row.status = "ACCEPTED"
    row.created_at = row.updated_at = now
    row.save(force_insert=True)
    LineRow.objects.bulk_create(
        LineRow(task=row, sku_id=sku_id, quantity=units) for sku_id, units in wanted.items()
    )
    return row


def _delivery_named(reference: str, place: Place) -> Inbound | None:
    inbound_id = deliveries.inbound_numbered(reference) if reference else None
    if inbound_id is None:
        return None
    inbound, _ = deliveries.locked_inbound(inbound_id)
    if inbound is None or inbound.state not in INBOUND_OPEN:
        raise InboundRefused(f"{reference} is over", state=inbound.state if inbound else "")
    if inbound.location_id != place.id:
        raise InboundRefused(f"{reference} does not come to {place.code}", state=inbound.state)
    if warehouse.open_task_of(inbound_id) is not None:
        raise InboundRefused(f"{reference} is being received already", state=inbound.state)
    return inbound


def _to_pick(command: RequestPick, place: Place) -> dict[UUID, int]:
    held = reading.reservation(order_id=command.order_id, lock=True)
    if held is None:
        raise NoReservation(f"order {command.order_id} holds no stock")
    if held.status != "CONFIRMED":
        raise ReservationClosed(f"the reservation is {held.status}", status=held.status)
    free = warehouse.unpicked(order_id=command.order_id, location_id=place.id)
    wanted = merged(command.lines) if command.lines else dict(sorted(free.items()))
    _refuse_more_than(free, wanted)
    if not wanted:
        raise NothingToPick(f"Order {command.order_id} has nothing to be picked at {place.code}.")
    return wanted


def _refuse_more_than(free: dict[UUID, int], wanted: dict[UUID, int]) -> None:
    missing = {
        str(sku_id): units - free.get(sku_id, 0)
        for sku_id, units in wanted.items()
        if units > free.get(sku_id, 0)
    }
    if missing:
        raise NothingToPick("More is to be picked than is allocated there.", missing=missing)
