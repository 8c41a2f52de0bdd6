"""Read the files that warehouses put down: confirmations of tasks and snapshots of stock."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import get_args
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.inventory.gateways.wms import files
from apps.inventory.gateways.wms.files import Dropped, Row
from apps.inventory.gateways.wms.port import Message
from apps.inventory.models import WarehouseFile
from apps.inventory.queries import warehouse
from apps.inventory.queries.warehouse import Place
from apps.inventory.services._read import named_skus
from apps.inventory.services.warehouse._inbox import apply_messages, keep_message
from apps.inventory.types import ReportedLine, ReportStatus, WarehouseReport

log = logging.getLogger(__name__)
_MAX_UNITS = 1_000_000_000
Problems = list[tuple[int, str]]


class _BadRow(Exception):
    """A row that cannot be read."""


def read_dropped_files(*, now: datetime) -> int:
    """Read every file that waits, of all locations that work by files; says how many.

    A file counts once by its content and name, a confirmation once by its task, number and content. Rows that
    make no sense are reported beside the file, with all others of the same task and number: half a
    confirmation would say that the other half was not found.
    """
    if not settings.WMS_FILES_ROOT:
        return 0
    read = 0
    for place in warehouse.places():
        if place.system == "files":
            for file in files.dropped(place.code):
                problems = _take(place, file, now)
                files.put_away(file, problems)
                read += 1
    if read:
        apply_messages(now=now)
    return read


@transaction.atomic
def _take(place: Place, file: Dropped, now: datetime) -> Problems:
    row, new = WarehouseFile.objects.get_or_create(
        location_id=place.id,
        name=file.path.name[:200],
        sha256=file.sha256,
        defaults={"kind": file.kind, "read_at": now},
    )
    if not new:
        return [(number, why) for number, why in row.problems]
    if file.problem:
        problems: Problems = [(1, file.problem)]
    elif file.kind == "tasks":
        problems = _confirmations(place, file, now)
    else:
        problems = _stock(place, file)
    row.rows, row.problems = len(file.rows), problems
    row.save(update_fields=["rows", "problems"])
    if problems:
        log.warning("file %s of %s has %s bad rows", file.path.name, place.code, len(problems))
    return problems


def _confirmations(place: Place, file: Dropped, now: datetime) -> Problems:
    problems: Problems = []
    skus = _skus(row.get("sku") for row in file.rows)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in file.rows:
        groups[row.get("taskId"), row.get("sequence") or "1"].append(row)
    known = _tasks_at(place, {task for task, _ in groups})
    for (task, sequence), rows in groups.items():
        try:
            if task not in known:
                raise _BadRow(f"no task and no delivery {task!r} here")
            report = _report(known[task], sequence, rows, skus)
        except _BadRow as bad:
            problems += [(row.number, str(bad)) for row in rows]
            continue
        content = repr(report).encode()
        digest = hashlib.sha256(content).hexdigest()[:16]
        event_id = f"file:{report.task_id}:{report.sequence}:{digest}"
        keep_message(place, Message(event_id=event_id, report=report), now)
    return sorted(problems)


def _report(
    task_id: UUID, sequence: str, rows: list[Row], skus: Mapping[str, UUID]
) -> WarehouseReport:
    statuses = {row.get("status") for row in rows}
    status = statuses.pop()
    if statuses or status not in get_args(ReportStatus):
        raise _BadRow(f"the status is one of {', '.join(get_args(ReportStatus))}, and one only")
    lines: dict[UUID, ReportedLine] = {}
    for row in rows:
        sku_id = skus.get(row.get("sku"))
        if sku_id is None or sku_id in lines:
            raise _BadRow(f"row {row.number}: the SKU is unknown or comes twice")
        lines[sku_id] = ReportedLine(
            sku_id=sku_id,
            quantity=0,
            done=_units(row, "done"),
            damaged=_units(row, "damaged"),
        )
    if not (_is_number(sequence) and 0 < int(sequence) < 2**31):
        raise _BadRow("the sequence is a number from one on")
    return WarehouseReport(
        task_id=task_id, sequence=int(sequence), status=_status(status), lines=tuple(lines.values())
    )


def _stock(place: Place, file: Dropped) -> Problems:
    problems: Problems = []
    skus = _skus(row.get("sku") for row in file.rows)
    shelf: dict[UUID, int] = {}
    for row in file.rows:
        sku_id = skus.get(row.get("sku"))
        try:
            if sku_id is None or sku_id in shelf:
                raise _BadRow("the SKU is unknown or comes twice")
            shelf[sku_id] = _units(row, "onHand")
        except _BadRow as bad:
            problems.append((row.number, str(bad)))
    if not problems:
        files.keep_stock(place.code, shelf)
    return problems


def _skus(names: Iterable[str]) -> dict[str, UUID]:
    """SKUs by what the file calls them: their ids or codes."""
    return {name: sku.id for name, sku in named_skus(set(names)).items()}


def _tasks_at(place: Place, names: Iterable[str]) -> dict[str, UUID]:
    """Tasks by what the file calls them: their ids, or the ids or numbers of the deliveries that they receive."""
    ids = {name: _as_id(name) for name in names}
    known = warehouse.tasks_and_deliveries(
        location_id=place.id,
        ids=[one for one in ids.values() if one],
        numbers=[name for name, one in ids.items() if one is None],
    )
    return {name: known[one or name] for name, one in ids.items() if (one or name) in known}


def _units(row: Row, name: str) -> int:
    text = row.get(name) or ("0" if name == "damaged" else "")
    if not (_is_number(text) and int(text) <= _MAX_UNITS):
        raise _BadRow(f"row {row.number}: {name} is a number from zero on")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11


def _status(status: str) -> ReportStatus:
    found: ReportStatus = next(one for one in get_args(ReportStatus) if one == status)
    return found


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
