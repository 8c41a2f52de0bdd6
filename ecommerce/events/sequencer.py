"""From the outbox into the log: one sequencer at a time gives committed events their positions.

Reading the outbox by its identity column would skip rows: a transaction that took a low id may commit
after one with a higher id was read. Moving what is committed, and numbering it while moving, cannot skip.
"""

from django.db import connection, transaction

from ecommerce.steps import reach

_LOCK = 0x5E9_0001
"""The advisory lock that makes the sequencer one."""
BATCH = 1_000

_MOVE = """
WITH moved AS (
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT %s) RETURNING *
), counted AS (
    SELECT count(*) AS events FROM moved
), sequence AS (
    INSERT INTO event_sequence AS s (id, position, recorded_at)
    SELECT 1, events, clock_timestamp() FROM counted WHERE events > 0
    ON CONFLICT (id) DO UPDATE SET
        position = s.position + excluded.position,
        recorded_at = greatest(s.recorded_at, excluded.recorded_at)
    RETURNING position, recorded_at
), logged AS (
    INSERT INTO event_log (position, partition, recorded_at, event_id, event_type, occurred_at, producer,
                           trace_id, traceparent, correlation_id, causation_id, schema_version, partition_key,
                           payload)
    SELECT sequence.position - counted.events + row_number() OVER (ORDER BY moved.id), moved.partition,
           sequence.recorded_at, event_id, event_type, occurred_at, producer, trace_id, traceparent,
           correlation_id, causation_id, schema_version, partition_key, payload
    FROM moved, counted, sequence
    RETURNING event_type, partition, position
), heads AS (
    INSERT INTO event_head AS h (event_type, partition, position)
    SELECT event_type, partition, max(position) FROM logged GROUP BY event_type, partition
    ON CONFLICT (event_type, partition) DO UPDATE SET position = excluded.position
)
SELECT events FROM counted
"""


def sequence_batch(limit: int = BATCH) -> int | None:
    """Move up to ``limit`` events in one transaction. Returns how many, or None if another sequencer is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        # A statement of its own, so that its snapshot is taken with the lock held.
        cursor.execute(_MOVE, [limit])
        moved: int = cursor.fetchone()[0]
        reach("events.in_sequence")
    reach("events.after_sequence")
    return moved


def sequence_all(limit: int = BATCH) -> int:
    """Move everything that is committed; returns how many events this call moved."""
    total = 0
    while moved := sequence_batch(limit):
        total += moved
        if moved < limit:
            break
    return total
