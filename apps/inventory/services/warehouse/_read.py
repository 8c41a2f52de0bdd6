"""Reads of warehouses and their tasks."""

from collections.abc import Iterable
from uuid import UUID

from apps.inventory.errors import NoTask
from apps.inventory.events import TaskUnits
from apps.inventory.models import WarehouseTask as TaskRow
from apps.inventory.queries import warehouse
from apps.inventory.types import TaskLine, WarehouseTask


def get_task(*, task_id: UUID) -> WarehouseTask:
    """A task and how far it is. Raises NoTask."""
    row = warehouse.tasks().filter(id=task_id).first()
    if row is None:
        raise NoTask(f"no task {task_id}")
    return task_of(row)


def task_of(row: TaskRow) -> WarehouseTask:
    """A task as others see it."""
    return WarehouseTask(
        id=row.id,
        location=getattr(row, "location_code", None) or row.location.code,
        kind=row.kind,  # type: ignore[arg-type]  # the column has the same choices
        status=row.status,  # type: ignore[arg-type]  # likewise
        order_id=row.order_id,
        inbound_id=row.inbound_id,
        reference=row.reference,
        pending=row.pending,
        sequence=row.sequence,
        tries=row.tries,
        last_error=row.last_error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        lines=lines_of(row),
    )


def lines_of(row: TaskRow) -> tuple[TaskLine, ...]:
    """A task's lines, by SKU."""
    return tuple(
        TaskLine(
            sku_id=line.sku_id,
            quantity=line.quantity,
            done=line.done,
            damaged=line.damaged,
            lots=line.lots,
        )
        for line in sorted(row.lines.all(), key=lambda line: line.sku_id)
    )


def facts_of(lines: Iterable[TaskLine]) -> tuple[TaskUnits, ...]:
    """Lines as events carry them."""
    return tuple(
        TaskUnits(sku_id=line.sku_id, quantity=line.quantity, done=line.done, damaged=line.damaged)
        for line in lines
    )
