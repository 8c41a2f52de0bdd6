"""Telling facts: one statement into the outbox, in the transaction that makes them true."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec
from django.db import connection

from ecommerce import clock
from ecommerce.context import current
from ecommerce.events.errors import NoTransaction, PublishInReplay
from ecommerce.events.partitioning import partition_of
from ecommerce.events.registry import type_of
from ecommerce.events.replaying_now import replaying
from ecommerce.events.wake import wake_on_commit
from ecommerce.ids import new_id_text
from ecommerce.sql import copy_rows


class Row(msgspec.Struct, frozen=True):
    """An event as the outbox keeps it: the table's columns, in an order of ours."""

    event_id: str
    event_type: str
    occurred_at: str
    producer: str
    trace_id: str
    traceparent: str
    correlation_id: str
    causation_id: str
    schema_version: int
    partition_key: str
    partition: int
    payload: msgspec.Raw


_TYPES = (
    "uuid", "text", "timestamptz", "text", "text", "text", "text", "text", "smallint", "text",
    "smallint", "json",
)  # fmt: skip
_COLUMNS = ", ".join(Row.__struct_fields__)
_SHAPE = ", ".join(map(" ".join, zip(Row.__struct_fields__, _TYPES, strict=True)))
# One parameter however many events: binding twelve a row took three times as long for a thousand.
_INSERT = (
    f"INSERT INTO outbox ({_COLUMNS})"  # noqa: S608  # names of ours
    f" SELECT * FROM json_to_recordset(%s::json) AS told ({_SHAPE})"
)
_COPIED_FROM = 200
"""From so many events on COPY, which takes three round trips, is faster than INSERT."""
_together: ContextVar[list[Row] | None] = ContextVar("told_together", default=None)


def publish(fact: object) -> None:
    """Announce one event. Raises NoTransaction outside of a transaction, InvalidPayload if it misfits its schema.

    Order per key is the order of publishing: lock or change the row that the event tells of first.
    """
    publish_many((fact,))


def publish_many(facts: Sequence[object]) -> None:
    """Announce several events, in this order, with one INSERT or, of very many, one COPY."""
    if not facts:
        return
    if not connection.in_atomic_block:
        raise NoTransaction(
            "publish() needs a transaction: the fact and its news are committed together"
        )
    if replaying():
        raise PublishInReplay("a projection that publishes cannot be rebuilt")
    rows = _rows(facts)
    waiting = _together.get()
    if waiting is not None:
        waiting.extend(rows)
    elif len(facts) < _COPIED_FROM:
        _insert(list(rows))
    else:
        _copy(rows)


@contextmanager
def told_together() -> Iterator[None]:
    """What many rooms publish within it is inserted at its end, in the same order, by one INSERT.

    For a transaction whose round trips count. It stands inside the transaction, and nothing that
    published within it may be rolled back to a savepoint and survived.
    """
    rows: list[Row] = []
    token = _together.set(rows)
    try:
        yield
    finally:
        _together.reset(token)
    if rows:
        _insert(rows)


def _insert(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [msgspec.json.encode(rows).decode()])
    wake_on_commit()


def _copy(rows: Iterable[Row]) -> None:
    copy_rows("outbox", Row.__struct_fields__, map(_texts, rows))
    wake_on_commit()


def _texts(row: Row) -> tuple[str | int, ...]:
    *columns, payload = msgspec.structs.astuple(row)
    return (*columns, bytes(payload).decode())


def _rows(facts: Iterable[object]) -> Iterator[Row]:
    """Told together, they happened at the same time and for the same reason."""
    work = current()
    occurred_at = clock.now().isoformat()
    for fact in facts:
        kind = type_of(fact)
        key = kind.key_of(fact)
        event_id = new_id_text()
        yield Row(
            event_id,
            kind.name,
            occurred_at,
            kind.producer,
            work.trace_id or "",
            work.traceparent or "",
            work.correlation_id or event_id,
            work.causation_id or "",
            kind.schema_version,
            key,
            partition_of(key),
            msgspec.Raw(kind.payload_of(fact)),
        )
