"""Telling facts: one statement into the outbox, in the transaction that makes them true."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import msgspec
from django.db import connection

from ecommerce import clock
from ecommerce.context import current
from ecommerce.events.errors import NoTransaction, PublishInReplay
from ecommerce.events.partitioning import partition_of
from ecommerce.events.registry import EventType, type_of
from ecommerce.events.replaying_now import replaying
from ecommerce.events.wake import wake_on_commit
from ecommerce.ids import new_id_text
from ecommerce.sql import copied, copy_lines


class Row(msgspec.Struct, frozen=True):
    """An event as the outbox keeps it: the table's columns, those together that many events have in common."""

    event_id: str
    correlation_id: str
    event_type: str
    producer: str
    schema_version: int
    occurred_at: str
    trace_id: str
    traceparent: str
    causation_id: str
    partition_key: str
    partition: int
    payload: msgspec.Raw


_TYPES = (
    "uuid", "text", "text", "text", "smallint", "timestamptz", "text", "text", "text", "text",
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
    if replaying():
        raise PublishInReplay("a projection that publishes cannot be rebuilt")
    waiting = _together.get()
    if waiting is not None:
        waiting.extend(_rows(facts))
        return
    _refuse_outside_of_transactions()
    if len(facts) < _COPIED_FROM:
        _insert(list(_rows(facts)))
    else:
        _copy(facts)


@contextmanager
def told_together() -> Iterator[None]:
    """What many rooms publish within it is inserted at its end, in the same order, by one INSERT.

    For a transaction whose round trips count. It stands inside the transaction (NoTransaction), and nothing
    that published within it may be rolled back to a savepoint and survived.
    """
    _refuse_outside_of_transactions()
    rows: list[Row] = []
    token = _together.set(rows)
    try:
        yield
    finally:
        _together.reset(token)
    if rows:
        _insert(rows)


def _refuse_outside_of_transactions() -> None:
    if not connection.in_atomic_block:
        raise NoTransaction(
            "publish() needs a transaction: the fact and its news are committed together"
        )


def _insert(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [msgspec.json.encode(rows).decode()])
    wake_on_commit()


def _rows(facts: Iterable[object]) -> Iterator[Row]:
    work = _work()
    for fact in facts:
        kind = type_of(fact)
        key = kind.key_of(fact)
        event_id = new_id_text()
        yield Row(
            event_id,
            work.correlation_id or event_id,
            kind.name,
            kind.producer,
            kind.schema_version,
            work.occurred_at,
            work.trace_id,
            work.traceparent,
            work.causation_id,
            key,
            partition_of(key),
            msgspec.Raw(kind.payload_of(fact)),
        )


def _copy(facts: Iterable[object]) -> None:
    copy_lines("outbox", Row.__struct_fields__, _lines(facts))
    wake_on_commit()


def _lines(facts: Iterable[object]) -> Iterator[bytes]:
    """The same rows as lines for COPY, in a fifth of the time: what events have in common is written once."""
    work = _Work(*map(copied, _work()))
    told_of: dict[type, str] = {}
    placed: dict[object, str] = {}
    for fact in facts:
        kind = type_of(fact)
        about = told_of.get(kind.cls)
        if about is None:
            about = told_of[kind.cls] = _about(kind, work)
        key = getattr(fact, kind.key)
        place = placed.get(key)
        if place is None:
            place = placed[key] = _place(str(key))
        event_id = new_id_text()
        columns = f"{event_id}\t{work.correlation_id or event_id}\t{about}\t{place}\t"
        payload = kind.payload_of(fact).replace(b"\\", b"\\\\")
        yield b"%b%b\n" % (columns.encode(), payload)


def _about(kind: EventType, work: "_Work") -> str:
    """The columns that all events of a type have in common, when they are told together."""
    return "\t".join(
        (
            kind.name,
            kind.producer,
            str(kind.schema_version),
            work.occurred_at,
            work.trace_id,
            work.traceparent,
            work.causation_id,
        )
    )


def _place(key: str) -> str:
    """Those that all events of a key have in common."""
    return f"{copied(key)}\t{partition_of(key)}"


class _Work(NamedTuple):
    """What events that are told together have in common; empty texts for what is not known."""

    occurred_at: str
    trace_id: str
    traceparent: str
    correlation_id: str
    causation_id: str


def _work() -> _Work:
    known = current()
    return _Work(
        clock.now().isoformat(),
        known.trace_id or "",
        known.traceparent or "",
        known.correlation_id or "",
        known.causation_id or "",
    )
