"""What people say of the tasks of a location that they run by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import NoTask, RunByItsSystem, TaskClosed, UnfitReport
from apps.inventory.queries import warehouse
from apps.inventory.services.warehouse._apply import apply_report
from apps.inventory.services.warehouse._deliveries import hold_delivery
from apps.inventory.services.warehouse._read import get_task, lines_of
from apps.inventory.services.warehouse._request import announce_receipt
from apps.inventory.types import (
    AnnounceReceipt,
    ReportedLine,
    StockLine,
    WarehouseReport,
    WarehouseTask,
)
from ecommerce.ids import new_id


@transaction.atomic
def confirm_pick(
    *, location: str, task_id: UUID, picked: Mapping[UUID, int], actor: str, now: datetime
) -> WarehouseTask:
    """Say what was found: of SKUs not named, all. A repeat of the same changes nothing.

    Raises NoTask, TaskClosed, UnfitReport, RunByItsSystem where the location's own system tells that.
    """
    row, place = warehouse.locked_task(task_id)
    if place.id != warehouse.place(location).id or row.kind != "pick":
        raise NoTask(f"no pick {task_id} at {location}")
    if place.system:
        raise RunByItsSystem(f"{place.code} is run by {place.system}")
    lines = lines_of(row)
    if strangers := picked.keys() - {line.sku_id for line in lines}:
        raise UnfitReport("Nobody asked for this SKU.", sku_id=str(min(strangers)))
    told = [_told(line.sku_id, line.quantity, picked) for line in lines]
    if row.closed_at is not None:
        if [line.done for line in told] == [line.done for line in lines]:
            return get_task(task_id=task_id)
        raise TaskClosed(f"The pick is {row.status.lower()}.", status=row.status)
    _report(row.id, row.sequence, told, actor, now)
    return get_task(task_id=task_id)


@transaction.atomic
def receive_goods(
    *,
    location: str,
    lines: Sequence[ReportedLine],
    reference: str,
    actor: str,
    now: datetime,
    task_id: UUID | None = None,
) -> WarehouseTask:
    """Say what has arrived: of an announced receipt, or of none, when it becomes one that is done.

    ``quantity`` of a line is what was expected. A ``reference`` that is a delivery's number says that it is of
    that delivery, of which more may come. Raises NoTask, TaskClosed once a receipt is done, UnfitReport,
    RunByItsSystem, InboundRefused, and what the ledger refuses.
    """
    place = warehouse.place(location)
    if place.system:
        raise RunByItsSystem(f"{place.code} is run by {place.system}")
    if task_id is None:
        task = announce_receipt(
            AnnounceReceipt(
                location=place.code,
                reference=reference,
                incoming=False,
                task_id=new_id(),
                actor=actor,
                lines=tuple(
                    StockLine(sku_id=line.sku_id, quantity=max(1, line.quantity)) for line in lines
                ),
            ),
            now=now,
        )
        task_id = task.id
    hold_delivery(task_id)
    row, found = warehouse.locked_task(task_id)
    if found.id != place.id or row.kind != "receipt":
        raise NoTask(f"no receipt {task_id} at {location}")
    if row.closed_at is not None:
        raise TaskClosed(f"The receipt is {row.status.lower()}.", status=row.status)
    _report(row.id, row.sequence, lines, actor, now)
    return get_task(task_id=task_id)


def _told(sku_id: UUID, quantity: int, picked: Mapping[UUID, int]) -> ReportedLine:
    return ReportedLine(sku_id=sku_id, quantity=quantity, done=picked.get(sku_id, quantity))


def _report(
    task_id: UUID, sequence: int, lines: Sequence[ReportedLine], actor: str, now: datetime
) -> None:
    report = WarehouseReport(
        task_id=task_id, sequence=sequence + 1, status="completed", lines=tuple(lines)
    )
    apply_report(report=report, actor=actor, now=now)
