"""Warehouses that work by files: CSV out into a folder, CSV in from another.

``WMS_FILES_ROOT/<location>/out`` gets a file per call, whole at once: written under another name and then
renamed. Whoever reads it may take it away. ``in`` is where confirmations and snapshots of stock are put, the same
way; what was read goes to ``processed``, what could not be, or not in whole, to ``failed`` with a report.
"""

import csv
import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from apps.inventory.errors import BadWarehouseSignature
from apps.inventory.gateways.wms.port import Message, OnShelf, Silent
from apps.inventory.types import WarehouseReport, WarehouseTask

MAX_BYTES = 20_000_000
TASK_COLUMNS = ("taskId", "status", "sku", "done", "damaged")
STOCK_COLUMNS = ("sku", "onHand")
_PAGE = 500
_STOCK = "stock.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, by the names of its columns."""

    number: int
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        return (self.values.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that was put into ``in``. ``problem`` says why nothing of it can be read."""

    path: Path
    sha256: str
    kind: str
    rows: tuple[Row, ...]
    problem: str = ""


class FileWms:
    """Speaks through ``WMS_FILES_ROOT``."""

    def create_pick(self, task: WarehouseTask) -> WarehouseReport | None:
        """A file named after the task: a repeat writes the same one."""
        _write_out(task, f"{task.kind}-{task.id}.csv", "create")
        return None

    announce_receipt = create_pick

    def cancel(self, task: WarehouseTask) -> WarehouseReport | None:
        """Likewise; the warehouse confirms it as it does all else, with the status ``cancelled``."""
        _write_out(task, f"cancel-{task.id}.csv", "cancel")
        return None

    def find(self, task: WarehouseTask) -> WarehouseReport | None:
        """Files cannot be asked."""
        return None

    def inventory(self, location: str, after: UUID) -> Iterator[list[OnShelf]]:
        """What the last snapshot said, if there was one."""
        path = _folder(location) / _STOCK
        try:
            lines = path.read_text().splitlines()
        except OSError as error:
            raise Silent(f"there is no snapshot of stock yet: {error}") from error
        shelf = [(UUID(sku), int(units)) for sku, units in (line.split(",") for line in lines)]
        found = [OnShelf(sku_id=sku, on_hand=units) for sku, units in shelf if sku > after]
        for start in range(0, len(found), _PAGE):
            yield found[start : start + _PAGE]

    def read_callback(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Message:
        """Files do not call back."""
        raise BadWarehouseSignature


def dropped(location: str) -> Iterator[Dropped]:
    """The files that wait to be read, by name. One that is being written has another ending than ``.csv``."""
    folder = _folder(location) / "in"
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            try:
                file = _read(path)
            except FileNotFoundError:  # another worker was quicker
                continue
            yield file


def put_away(file: Dropped, report: Sequence[tuple[int, str]]) -> None:
    """Out of ``in``: to ``processed``, or with a report of its bad rows to ``failed``."""
    folder = file.path.parent.parent / ("failed" if report else "processed")
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{file.path.stem}-{file.sha256[:12]}"
    if report:
        lines = [("row", "problem"), *((str(row), why) for row, why in report)]
        _write_whole(folder / f"{name}.errors.csv", lines)
    with suppress(FileNotFoundError):  # likewise
        os.replace(file.path, folder / f"{name}.csv")


def keep_stock(location: str, stock: Mapping[UUID, int]) -> None:
    """The last snapshot, for whoever compares."""
    _write_whole(
        _folder(location) / _STOCK, [(str(sku), str(units)) for sku, units in sorted(stock.items())]
    )


def _read(path: Path) -> Dropped:
    content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    digest = hashlib.sha256(content or path.name.encode()).hexdigest()
    if not content:
        return Dropped(path, digest, "", (), f"the file is empty or larger than {MAX_BYTES} bytes")
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        return Dropped(path, digest, "", (), f"it is no CSV in UTF-8: {error}")
    columns = set(rows[0]) if rows else set()
    kind = (
        "tasks"
        if columns >= set(TASK_COLUMNS)
        else "stock"
        if columns >= set(STOCK_COLUMNS)
        else ""
    )
    if not kind:
        wanted = f"{','.join(TASK_COLUMNS)} or {','.join(STOCK_COLUMNS)}"
        return Dropped(path, digest, "", (), f"its columns are neither {wanted}")
    return Dropped(path, digest, kind, tuple(Row(at, row) for at, row in enumerate(rows, start=2)))


def _write_out(task: WarehouseTask, name: str, action: str) -> None:
    header = ("action", "taskId", "kind", "reference", "sku", "skuId", "quantity")
    about = (action, str(task.id), task.kind, str(task.order_id or task.reference))
    lines = [
        (*about, line.code or str(line.sku_id), str(line.sku_id), str(line.quantity))
        for line in task.lines
    ]
    try:
        _write_whole(_folder(task.location) / "out" / name, [header, *lines])
    except OSError as error:
        raise Silent(f"the folder cannot be written to: {error}") from error


def _write_whole(path: Path, lines: Sequence[Sequence[str]]) -> None:
    """Nobody ever sees half of it, and what was renamed is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _folder(location: str) -> Path:
    if not settings.WMS_FILES_ROOT:
        raise Silent("WMS_FILES_ROOT names no folder")
    return Path(settings.WMS_FILES_ROOT) / location
