"""Old parts of the log as Parquet files: written, read back and compared before the part is dropped."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction

from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import ArchiveDamaged, ConsumersBehind
from ecommerce.events.log import COLUMNS, envelope_of
from ecommerce.events.models import Archive, ParkedEvent
from ecommerce.events.months import Month, month_of, present_months
from ecommerce.events.offsets import enlist
from ecommerce.events.unhurried import unhurried

_ROWS_A_GROUP = 10_000
_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("partition", pa.int16()),
        ("recorded_at", _TIME),
        ("event_id", _TEXT),
        ("event_type", _TEXT),
        ("occurred_at", _TIME),
        ("producer", _TEXT),
        ("trace_id", _TEXT),
        ("traceparent", _TEXT),
        ("correlation_id", _TEXT),
        ("causation_id", _TEXT),
        ("schema_version", pa.int16()),
        ("partition_key", _TEXT),
        ("payload", _TEXT),
    ]
)
_EVENT_ID = 3
Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """A part of the log that is a file now."""

    name: str
    path: str
    rows: int


class _Digest:
    """The same for the same rows in the same order, whether from the table or from the file."""

    def __init__(self) -> None:
        self.rows = 0
        self.first = 0
        self.last = 0
        self._hash = hashlib.sha256()

    def add(self, row: Row) -> None:
        self.first = self.first or row[0]
        self.last = row[0]
        self.rows += 1
        self._hash.update("\x1f".join(map(str, row)).encode() + b"\x1e")

    @property
    def value(self) -> tuple[int, str]:
        return self.rows, self._hash.hexdigest()


def archive_events(*, older_than: timedelta, directory: Path, now: datetime) -> list[Archived]:
    """Archive the months that ended so long ago, oldest first. Raises ConsumersBehind before the first unread."""
    enlist(now=now)
    directory.mkdir(parents=True, exist_ok=True)
    due = [
        month
        for month in present_months()
        if month.until <= month_of(now).start and month.until <= now - older_than
    ]
    with unhurried():
        return [_archive(month, directory, now=now) for month in due]


def _archive(month: Month, directory: Path, *, now: datetime) -> Archived:
    _refuse_unread(month)
    path = directory / f"{month.table}.parquet"
    written = _write(month, path)
    read = _Digest()
    for row in _rows_of(path):
        read.add(row)
    if read.value != written.value:
        raise ArchiveDamaged(f"{path} does not read back as it was written; the log is untouched")
    _replace(month, path, written, now=now)
    return Archived(name=month.table, path=str(path), rows=written.rows)


def _refuse_unread(month: Month) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT c.name FROM event_consumer c JOIN event_offset o ON o.consumer = c.name"  # noqa: S608  # a name of ours
            f" WHERE EXISTS (SELECT FROM {month.table} e WHERE e.partition = o.partition"
            f" AND e.position > o.position AND e.event_type = ANY(c.event_types))"
        )
        behind = {name for (name,) in cursor.fetchall()}
    parked = ParkedEvent.objects.filter(recorded_at__gte=month.start, recorded_at__lt=month.until)
    behind.update(parked.values_list("consumer", flat=True))
    if behind:
        names = ", ".join(sorted(behind))
        raise ConsumersBehind(
            f"{month.table} has events not consumed by {names}", consumers=sorted(behind)
        )


@transaction.atomic
def _write(month: Month, path: Path) -> _Digest:
    digest = _Digest()
    part = path.with_suffix(".part")
    with (
        pq.ParquetWriter(part, _SCHEMA, compression="zstd") as writer,
        connection.chunked_cursor() as cursor,
    ):
        cursor.execute(f"SELECT {COLUMNS} FROM {month.table} ORDER BY position")  # noqa: S608  # names of ours
        while rows := [_plain(row) for row in cursor.fetchmany(_ROWS_A_GROUP)]:
            for row in rows:
                digest.add(row)
            writer.write_table(
                pa.table(list(map(pa.array, zip(*rows, strict=True), _SCHEMA.types)), _SCHEMA)
            )
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(path)
    return digest


def _plain(row: Sequence[Any]) -> Row:
    return (*row[:_EVENT_ID], str(row[_EVENT_ID]), *row[_EVENT_ID + 1 :])


def _rows_of(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_ROWS_A_GROUP):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


@transaction.atomic
def _replace(month: Month, path: Path, written: _Digest, *, now: datetime) -> None:
    """Note the archive and drop the part of the log, both or neither."""
    Archive.objects.create(
        name=month.table,
        path=str(path.resolve()),
        rows=written.rows,
        first_position=written.first,
        last_position=written.last,
        recorded_from=month.start,
        recorded_until=month.until,
        sha256=_sha256(path),
        archived_at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"ALTER TABLE event_log DETACH PARTITION {month.table}")
        cursor.execute(f"SELECT count(*) FROM {month.table}")  # noqa: S608  # a name of ours
        if cursor.fetchone()[0] != written.rows:
            raise ArchiveDamaged(
                f"{month.table} changed while it was archived; nothing was dropped"
            )
        cursor.execute(f"DROP TABLE {month.table}")
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


def last_archived_position() -> int:
    """Events up to here are in files; 0 if none are."""
    last = Archive.objects.order_by("-last_position").first()
    return last.last_position if last else 0


def read_archives(*, after: int, directory: Path | None = None) -> Iterator[Envelope]:
    """Archived events after a position, in order. Raises ArchiveDamaged if a file is not as it was written."""
    for archive in Archive.objects.filter(last_position__gt=after).order_by("first_position"):
        path = directory / Path(archive.path).name if directory else Path(archive.path)
        if not path.is_file() or _sha256(path) != archive.sha256:
            raise ArchiveDamaged(f"{path} is missing or not as it was written")
        for row in _rows_of(path):
            if row[0] > after:
                yield envelope_of((*row[:_EVENT_ID], UUID(row[_EVENT_ID]), *row[_EVENT_ID + 1 :]))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
