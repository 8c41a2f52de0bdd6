"""Tell warehouses what is on record, until it is certain that they know. No transaction is open meanwhile."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.catalog import services as catalog
from apps.inventory.domain.warehouse import LOUD_TRIES, OPEN, wait_seconds
from apps.inventory.gateways.wms.connected import system_named
from apps.inventory.gateways.wms.port import Refused, Silent, WarehouseSystem
from apps.inventory.models import WarehouseTask as TaskRow
from apps.inventory.queries import warehouse
from apps.inventory.services.warehouse._apply import apply_report
from apps.inventory.services.warehouse._read import task_of
from apps.inventory.services.warehouse._request import close, expect_no_more
from apps.inventory.types import WarehouseReport, WarehouseTask
from ecommerce.errors import ShopError, kept_reason

log = logging.getLogger(__name__)
_LEASE = timedelta(minutes=2)
ASK_AFTER = timedelta(minutes=15)
"""A task of which nothing was heard for so long is asked after: its callback may be lost."""


def call_warehouses(*, now: datetime, limit: int = 50) -> int:
    """Make the calls that are due; says how many are certain since. One that fails keeps no other from it."""
    certain = 0
    for _turn in range(limit):
        task = _take(now)
        if task is None:
            break
        certain += _call(task, now)
    return certain


def ask_after_tasks(*, now: datetime, limit: int = 50) -> int:
    """Ask what became of tasks that warehouses have had for long without a word; says of how many there was news."""
    waiting = TaskRow.objects.filter(
        status="ACCEPTED", pending="", updated_at__lte=now - ASK_AFTER
    ).exclude(location__warehouse_system="")
    news = 0
    for task_id in list(waiting.order_by("updated_at").values_list("id", flat=True)[:limit]):
        news += _ask_after(task_id, now)
    return news


@transaction.atomic
def _take(now: datetime) -> WarehouseTask | None:
    """The task whose call has waited longest, on record as asked from here on; ours for a while."""
    due = TaskRow.objects.exclude(pending="").filter(next_try_at__lte=now)
    row = due.order_by("next_try_at", "id").select_for_update(skip_locked=True).first()
    if row is None:
        return None
    row.tries += 1
    row.next_try_at = now + _LEASE
    row.status = "SENT" if row.status == "REQUESTED" else row.status
    row.save(update_fields=["tries", "next_try_at", "status"])
    return task_of(row)


def _call(task: WarehouseTask, now: datetime) -> bool:
    place = warehouse.place(task.location)
    system = system_named(place.system)
    try:
        if system is None:
            raise Silent("no system runs the location any more")
        _settle(task, _asked(system, _with_codes(task)), now)
    except Refused as refusal:
        _refused(task, str(refusal), now)
    except Silent as silence:
        _put_off(task, str(silence), now)
        return False
    except ShopError as error:  # what it told has no place here: a person has to look
        _put_off(task, kept_reason(error), now)
        return False
    return True


def _asked(system: WarehouseSystem, task: WarehouseTask) -> WarehouseReport | None:
    """The answer. Who was asked before is asked after first: it may have acted."""
    if task.tries > 1:
        found = system.find(task)
        if found is not None and (task.pending == "create" or found.status == "cancelled"):
            return found
    if task.pending == "cancel":
        return system.cancel(task)
    return system.create_pick(task) if task.kind == "pick" else system.announce_receipt(task)


def _settle(task: WarehouseTask, report: WarehouseReport | None, now: datetime) -> None:
    with transaction.atomic():
        if report is not None:
            apply_report(report=report, actor="warehouse", now=now)
        row, _ = warehouse.locked_task(task.id)
        if row.pending != task.pending:
            return  # called off meanwhile, or over
        row.pending, row.next_try_at, row.tries, row.last_error = "", None, 0, ""
        row.status = "ACCEPTED" if row.status == "SENT" else row.status
        row.updated_at = now
        row.save()


def _refused(task: WarehouseTask, why: str, now: datetime) -> None:
    """A task that is refused has failed; one that cannot be called off goes on."""
    with transaction.atomic():
        row, place = warehouse.locked_task(task.id)
        if row.pending != task.pending:
            return
        row.last_error = why[:300]
        if task.pending == "create" and row.status in OPEN:
            close(row, "FAILED", now)
            expect_no_more(row, place)
        row.pending, row.next_try_at, row.tries = "", None, 0
        row.save()
    log.warning("warehouse %s refused %s of task %s: %s", task.location, task.pending, task.id, why)


def _put_off(task: WarehouseTask, why: str, now: datetime) -> None:
    loud = task.tries >= LOUD_TRIES
    log.log(
        logging.ERROR if loud else logging.WARNING,
        "warehouse %s: %s of task %s is not certain after %s tries: %s",
        *(task.location, task.pending, task.id, task.tries, why),
    )
    TaskRow.objects.filter(id=task.id, pending=task.pending, tries=task.tries).update(
        next_try_at=now + timedelta(seconds=wait_seconds(task.tries)), last_error=why[:300]
    )


def _ask_after(task_id: UUID, now: datetime) -> bool:
    TaskRow.objects.filter(id=task_id, status="ACCEPTED").update(updated_at=now)
    row = TaskRow.objects.annotate(system=F("location__warehouse_system")).get(id=task_id)
    system = system_named(row.system)
    try:
        report = system.find(task_of(row)) if system else None
        return report is not None and apply_report(report=report, actor="warehouse", now=now)
    except (Silent, Refused, ShopError) as error:
        log.warning("asking after task %s: %s", task_id, error)
        return False


def _with_codes(task: WarehouseTask) -> WarehouseTask:
    skus = catalog.find_skus(ids=[line.sku_id for line in task.lines])
    lines = (
        replace(line, code=skus[line.sku_id].code) if line.sku_id in skus else line
        for line in task.lines
    )
    return replace(task, lines=tuple(lines))
