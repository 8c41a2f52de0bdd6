"""Let a warehouse's report have its effect: once, in whatever order reports come, however late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain import warehouse as rules
from apps.inventory.domain.warehouse import Progress
from apps.inventory.errors import UnfitReport
from apps.inventory.events import PickCompleted, ReceiptCompleted
from apps.inventory.models import WarehouseTask as TaskRow
from apps.inventory.models import WarehouseTaskLine as LineRow
from apps.inventory.queries import reading, warehouse
from apps.inventory.queries.ledger import Entry
from apps.inventory.queries.lots import tracking_of
from apps.inventory.queries.warehouse import Place
from apps.inventory.services._incoming import arrive_stock
from apps.inventory.services._write import write_all
from apps.inventory.services.allocation import after_pick, note_put_back
from apps.inventory.services.warehouse._deliveries import (
    add_strangers,
    hold_delivery,
    receive_reported,
)
from apps.inventory.services.warehouse._read import facts_of, lines_of
from apps.inventory.services.warehouse._request import (
    close,
    expect_no_more,
    request_picks,
)
from apps.inventory.types import IncomingChange, ReportedLine, TaskLine, WarehouseReport
from ecommerce.events import publish
from ecommerce.ids import new_id

_FINAL = frozenset({"DONE", "FAILED", "CANCELLED"})


@transaction.atomic
def apply_report(*, report: WarehouseReport, actor: str, now: datetime) -> bool:
    """Take over what a report says of its task; False if something newer was known.

    A report holds all that was done so far, so one that is older than the last, or lost, takes nothing
    away. What came of a delivery is booked as that delivery's. Raises NoTask, UnfitReport, and what the ledger refuses; then nothing has changed.
    """
    inbound = hold_delivery(report.task_id)
    row, place = warehouse.locked_task(report.task_id)
    if report.sequence <= row.sequence or row.status in _FINAL:
        return False
    if inbound is not None:
        add_strangers(row, report)
    before = lines_of(row)
    after = rules.fitted(row.kind, before, report)
    status = rules.status_after(row.kind, after, report)
    if row.closed_at is not None and status in rules.OPEN:
        raise UnfitReport(f"The task is {row.status.lower()} and cannot be worked on.")
    came = rules.progress(before, after)
    if place.system:
        came = _with_lots_of_ours(came)
    if inbound is not None:
        receive_reported(
            *(row, inbound, place, came),
            sequence=report.sequence,
            status=status,
            actor=actor,
            now=now,
        )
    elif row.kind == "receipt":
        _take_in(row, place, came, report, actor)
    _note(row, before, after)
    row.sequence, row.status, row.updated_at = report.sequence, status, now
    if status not in rules.OPEN:
        close(row, status, now)
    row.save()
    _tell(row, place, actor, now)
    return True


def _with_lots_of_ours(came: Sequence[Progress]) -> list[Progress]:
    """A warehouse's system may keep lots of what we do not tell apart: those say nothing to us."""
    named = [one.sku_id for one in came if one.lots]
    tracked = tracking_of(named) if named else {}
    ours = {sku_id for sku_id, tracking in tracked.items() if tracking.lots}
    return [one if one.sku_id in ours else replace(one, lots=()) for one in came]


def _take_in(
    row: TaskRow, place: Place, came: Sequence[Progress], report: WarehouseReport, actor: str
) -> None:
    if not came:
        return
    sellers = reading.sellers_at([one.sku_id for one in came], place.id)
    write_all(
        [
            Entry(
                id=new_id(),
                sku_id=one.sku_id,
                location_id=place.id,
                kind="receipt",
                delta=one.good,
                damaged=one.damaged,
                reason="received",
                seller=sellers[one.sku_id],
                reference=row.reference or str(row.id),
                actor=actor,
                key=f"task:{row.id}:{report.sequence}:{one.sku_id}",
                lots=one.lots,
                serials=one.serials,
            )
            for one in sorted(came, key=lambda one: one.sku_id)
        ]
    )
    if row.incoming:
        _arrive(row, place, came, report)


def _arrive(row: TaskRow, place: Place, came: Sequence[Progress], report: WarehouseReport) -> None:
    lines = {line.sku_id: line for line in row.lines.all()}
    changes = []
    for one in came:
        line = lines[one.sku_id]
        left = rules.outstanding(line.quantity, line.done, line.damaged)
        if arrived := min(left, one.good + one.damaged):
            changes.append(
                IncomingChange(
                    sku_id=one.sku_id,
                    delta=arrived,
                    location=place.code,
                    reference=f"task:{row.id}:{report.sequence}:{one.sku_id}",
                )
            )
    arrive_stock(changes)


def _note(row: TaskRow, before: Sequence[TaskLine], after: Sequence[ReportedLine]) -> None:
    for old, new in zip(before, after, strict=True):
        lots = old.lots | {lot.code: lot.quantity for lot in new.lots}
        LineRow.objects.filter(task=row, sku_id=old.sku_id).update(
            done=new.done, damaged=new.damaged, lots=lots
        )
    row.__dict__.get("_prefetched_objects_cache", {}).clear()


def _tell(row: TaskRow, place: Place, actor: str, now: datetime) -> None:
    lines = lines_of(row)
    if row.status in {"DONE", "CANCELLED"}:
        expect_no_more(row, place)
    if row.status == "CANCELLED" and row.order_id is not None:
        note_put_back(order_id=row.order_id, now=now)
    elif row.status == "DONE":
        publish(
            ReceiptCompleted(
                task_id=row.id,
                location_id=place.code,
                reference=row.reference,
                lines=facts_of(lines),
            )
        )
    elif row.status in {"PICKED", "SHORT"} and row.order_id is not None:
        _go_on(row, row.order_id, place, actor, now)
        publish(
            PickCompleted(
                task_id=row.id,
                location_id=place.code,
                order_id=row.order_id,
                short=row.status == "SHORT",
                lines=facts_of(lines),
            )
        )


def _go_on(row: TaskRow, order_id: UUID, place: Place, actor: str, now: datetime) -> None:
    """What was not found is looked for elsewhere; a pick that nobody asked for by hand is followed by the rest."""
    missing = {
        line.sku_id: line.quantity - line.done
        for line in lines_of(row)
        if line.done < line.quantity
    }
    elsewhere = after_pick(
        order_id=order_id,
        missing=missing,
        at=(place.id, place.code),
        reference=str(row.id),
        actor=actor,
        now=now,
    )
    more = elsewhere | (set() if missing or row.created_by else {place.code})
    if more:
        request_picks(order_id=order_id, locations=more, now=now)
