"""How far consumers have come: the rows that make one worker at a time move a consumer on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Where a consumer stands in a partition after a batch, and what it handled and parked more."""

    partition: int
    position: int
    recorded_at: datetime | None
    handled: int
    parked: int


def lock_standings(consumer: str, partitions: Sequence[int]) -> list[Standing]:
    """Lock the offset rows that no other worker holds; none if the consumer is paused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.partition, o.position, o.recorded_at, o.parked FROM event_offset o"
            " JOIN event_consumer c ON c.name = o.consumer"
            " WHERE o.consumer = %s AND o.partition = ANY(%s) AND c.paused_at IS NULL"
            " ORDER BY o.partition FOR UPDATE OF o SKIP LOCKED",
            [consumer, list(partitions)],
        )
        return [
            Standing(
                consumer=consumer,
                partition=partition,
                position=position,
                recorded_at=recorded_at,
                parked=parked,
            )
            for partition, position, recorded_at, parked in cursor.fetchall()
        ]


def await_standing(consumer: str, partition: int) -> None:
    """Lock the offset row, waiting for whoever holds it: operators' work on what is parked there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM event_offset WHERE consumer = %s AND partition = %s FOR UPDATE",
            [consumer, partition],
        )


def advance(consumer: str, moves: Sequence[Move]) -> None:
    """Move the offsets past a batch, and count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE event_offset o SET position = m.position, recorded_at = m.recorded_at,"
            " handled = o.handled + m.handled, parked = o.parked + m.parked"
            " FROM unnest(%s::int[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::int[])"
            " AS m(partition, position, recorded_at, handled, parked)"
            " WHERE o.consumer = %s AND o.partition = m.partition",
            [
                [move.partition for move in moves],
                [move.position for move in moves],
                [move.recorded_at for move in moves],
                [move.handled for move in moves],
                [move.parked for move in moves],
                consumer,
            ],
        )


def pending(names: Sequence[str], *, now: datetime) -> dict[str, list[int]]:
    """The partitions with unread events or due retries, by consumer, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name, array_agg(DISTINCT partition) FROM (
                SELECT c.name, o.partition
                FROM event_consumer c
                CROSS JOIN LATERAL unnest(c.event_types) AS wanted(event_type)
                JOIN event_head h USING (event_type)
                JOIN event_offset o
                    ON o.consumer = c.name AND o.partition = h.partition AND o.position < h.position
                WHERE c.paused_at IS NULL AND c.name = ANY(%(names)s)
                UNION ALL
                SELECT p.consumer, p.partition
                FROM parked_event p JOIN event_consumer c ON c.name = p.consumer
                WHERE p.state = 'retry' AND p.next_attempt_at <= %(now)s
                  AND c.paused_at IS NULL AND c.name = ANY(%(names)s)
            ) work GROUP BY name
            """,
            {"names": list(names), "now": now},
        )
        return dict(cursor.fetchall())


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
