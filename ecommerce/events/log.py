"""Reading the log."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from ecommerce.events.envelope import Envelope

COLUMNS = (
    "position, partition, recorded_at, event_id, event_type, occurred_at, producer, trace_id, traceparent,"
    " correlation_id, causation_id, schema_version, partition_key, payload"
)
_READ = COLUMNS.replace("recorded_at", "recorded_at AT TIME ZONE 'UTC' AS recorded").replace(
    "occurred_at", "occurred_at AT TIME ZONE 'UTC' AS occurred"
)
"""Times as plain ones of UTC: psycopg's compiled loader reads those, Django's own the others, ten times slower."""

_NEXT = f"""
SELECT e.* FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[]) AS place(number, after, since)
CROSS JOIN LATERAL (
    SELECT {_READ} FROM event_log
    WHERE partition = place.number AND position > place.after AND event_type = ANY(%s)
      AND recorded_at >= coalesce(place.since, '-infinity')
    ORDER BY position LIMIT %s
) e ORDER BY e.position
"""  # noqa: S608  # our own columns


def envelope_of(row: Sequence[Any]) -> Envelope:
    """A row of ``COLUMNS`` as an envelope; its times are of UTC, said or not."""
    return Envelope(
        position=row[0],
        partition=row[1],
        recorded_at=row[2].replace(tzinfo=UTC),
        event_id=row[3],
        event_type=row[4],
        occurred_at=row[5].replace(tzinfo=UTC),
        producer=row[6],
        trace_id=row[7] or None,
        traceparent=row[8] or None,
        correlation_id=row[9],
        causation_id=row[10] or None,
        schema_version=row[11],
        partition_key=row[12],
        payload=msgspec.json.decode(row[13]),
    )


class Place(NamedTuple):
    """How far a log partition was read; ``since``, when that was recorded, spares looking in older months."""

    partition: int
    position: int
    since: datetime | None


def read_next(places: Sequence[Place], *, types: Sequence[str], limit: int) -> list[Envelope]:
    """The next events of each of these partitions, so many of each at most, all in the order of the log."""
    partitions, positions, moments = zip(*places, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _NEXT, [list(partitions), list(positions), list(moments), list(types), limit]
        )
        return [envelope_of(row) for row in cursor.fetchall()]


def read_between(
    after: int, until: int, *, types: Sequence[str], since: datetime | None, limit: int
) -> list[Envelope]:
    """The next events of all partitions, up to a position and no older than ``since``."""
    return read_where(
        "WHERE position > %s AND position <= %s AND event_type = ANY(%s)"
        " AND recorded_at >= coalesce(%s::timestamptz, '-infinity') ORDER BY position LIMIT %s",
        [after, until, list(types), since, limit],
    )


def read_at(positions: Sequence[tuple[int, datetime]]) -> list[Envelope]:
    """The events at these positions, in order; the times spare looking in every part of the log."""
    times = [moment for _, moment in positions]
    return read_where(
        "WHERE position = ANY(%s) AND recorded_at BETWEEN %s AND %s ORDER BY position",
        [[position for position, _ in positions], min(times), max(times)],
    )


def read_where(clauses: str, values: list[Any]) -> list[Envelope]:
    """Rows that an SQL tail of our own selects."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_READ} FROM event_log {clauses}", values)  # noqa: S608  # clauses are ours
        return [envelope_of(row) for row in cursor.fetchall()]
