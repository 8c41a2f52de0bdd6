"""How far consumers have come: the rows that make one worker at a time move a consumer on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ecommerce.events.envelope import Envelope
from ecommerce.events.partitioning import PARTITIONS
from ecommerce.events.subscriptions import Consumer, all_consumers


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A consumer's place in a log partition, locked by this transaction."""

    consumer: str
    partition: int
    position: int
    recorded_at: datetime | None
    parked: int


def lock_standing(consumer: str, partition: int) -> Standing | None:
    """Lock the offset row; None if the consumer is paused or another worker holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.position, o.recorded_at, o.parked FROM event_offset o"
            " JOIN event_consumer c ON c.name = o.consumer"
            " WHERE o.consumer = %s AND o.partition = %s AND c.paused_at IS NULL"
            " FOR UPDATE OF o SKIP LOCKED",
            [consumer, partition],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Standing(
        consumer=consumer, partition=partition, position=row[0], recorded_at=row[1], parked=row[2]
    )


def await_standing(consumer: str, partition: int) -> None:
    """Lock the offset row, waiting for whoever holds it: operators' work on what is parked there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM event_offset WHERE consumer = %s AND partition = %s FOR UPDATE",
            [consumer, partition],
        )


def advance(standing: Standing, events: Sequence[Envelope], *, handled: int, parked: int) -> None:
    """Move the offset past a batch, and count."""
    last = events[-1] if events else None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE event_offset SET position = %s, recorded_at = %s, handled = handled + %s, parked = parked + %s"
            " WHERE consumer = %s AND partition = %s",
            [
                last.position if last else standing.position,
                last.recorded_at if last else standing.recorded_at,
                handled,
                parked,
                standing.consumer,
                standing.partition,
            ],
        )


def pending(names: Sequence[str], *, now: datetime) -> list[tuple[str, int]]:
    """The (consumer, partition) pairs with unread events or due retries, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.name, o.partition
            FROM event_consumer c
            CROSS JOIN LATERAL unnest(c.event_types) AS wanted(event_type)
            JOIN event_head h USING (event_type)
            JOIN event_offset o ON o.consumer = c.name AND o.partition = h.partition AND o.position < h.position
            WHERE c.paused_at IS NULL AND c.name = ANY(%(names)s)
            UNION
            SELECT p.consumer, p.partition
            FROM parked_event p JOIN event_consumer c ON c.name = p.consumer
            WHERE p.state = 'retry' AND p.next_attempt_at <= %(now)s
              AND c.paused_at IS NULL AND c.name = ANY(%(names)s)
            """,
            {"names": list(names), "now": now},
        )
        return list(cursor.fetchall())


def enlist(*, now: datetime) -> list[Consumer]:
    """Make the database know every consumer that the code declares, with its offsets; returns them."""
    declared = all_consumers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, event_types, tables FROM event_consumer")
        known = {name: (tuple(types), tuple(tables)) for name, types, tables in cursor.fetchall()}
    for consumer in declared:
        if known.get(consumer.name) != (consumer.event_types, consumer.tables):
            _enlist(consumer, now=now)
    return declared


def _enlist(consumer: Consumer, *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH consumer AS (
                INSERT INTO event_consumer (name, event_types, tables, created_at)
                VALUES (%(name)s, %(types)s, %(tables)s, %(now)s)
                ON CONFLICT (name) DO UPDATE SET event_types = excluded.event_types, tables = excluded.tables
            )
            INSERT INTO event_offset (consumer, partition, position, handled, parked)
            SELECT %(name)s, partition,
                   CASE WHEN %(from_now)s THEN coalesce((SELECT position FROM event_sequence), 0) ELSE 0 END, 0, 0
            FROM generate_series(0, %(partitions)s - 1) AS partition
            ON CONFLICT DO NOTHING
            """,
            {
                "name": consumer.name,
                "types": list(consumer.event_types),
                "tables": list(consumer.tables),
                "now": now,
                "from_now": consumer.start == "now",
                "partitions": PARTITIONS,
            },
        )
