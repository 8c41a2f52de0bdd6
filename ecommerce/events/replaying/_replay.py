"""The replay of one consumer, from the empty shadow to the swap."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from ecommerce.events.archiving import last_archived_position
from ecommerce.events.errors import NotReplayable, ReplayRunning
from ecommerce.events.offsets import enlist
from ecommerce.events.replaying._feed import Feed
from ecommerce.events.replaying._parity import TableParity, compare
from ecommerce.events.replaying._shadow import drop_shadow, make_shadow, schema_for, swap
from ecommerce.events.subscriptions import Consumer, consumer_named
from ecommerce.events.unhurried import unhurried

Progress = Callable[[int], None]
_LOCK = 0x5E9_0002
_ROUNDS = 5
"""Catch up this often beside the running consumer; what is left then is fed while it stands still."""

_HOLD = "SELECT FROM event_offset WHERE consumer = %s ORDER BY partition FOR UPDATE"
# A partition in which nothing waits is applied up to the end of the log, however old its offset.
_TARGETS = """
SELECT o.partition, CASE WHEN EXISTS (
    SELECT FROM event_head h
    WHERE h.partition = o.partition AND h.event_type = ANY(%s) AND h.position > o.position
) THEN o.position ELSE greatest(o.position, s.position) END
FROM event_offset o, (SELECT coalesce(max(position), 0) AS position FROM event_sequence) s
WHERE o.consumer = %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayResult:
    """What a replay did and found."""

    events: int
    seconds: float
    parity: tuple[TableParity, ...]
    swapped: bool

    @property
    def same(self) -> bool:
        return all(table.same for table in self.parity)


def replay(
    *,
    consumer: str,
    now: datetime,
    after_position: int = 0,
    since: datetime | None = None,
    archive: Path | None = None,
    dry_run: bool = False,
    progress: Progress = lambda events: None,
) -> ReplayResult:
    """Rebuild the consumer's tables from archives and log, compare with the live ones, and swap.

    The live consumer keeps running until the last few events. ``dry_run`` compares only. ``after_position``
    and ``since`` leave out what is older. ``progress`` is told how many events were read, as they are read.
    Raises NotReplayable without tables, ReplayRunning, StrayWrite if the handler writes elsewhere.
    """
    projection = consumer_named(consumer)
    if not projection.tables:
        raise NotReplayable(f"{consumer} declares no tables=: its effects cannot be taken back")
    enlist(now=now)
    started = time.monotonic()
    schema = schema_for(consumer)
    with unhurried(), _alone(consumer):
        make_shadow(schema, projection.tables)
        try:
            feed = Feed(consumer=projection, schema=schema, begin=after_position, since=since)
            _catch_up(feed, archive, progress)
            parity = _finish(feed, progress, dry_run=dry_run)
        finally:
            drop_shadow(schema)
    return ReplayResult(
        events=feed.applied, seconds=time.monotonic() - started, parity=parity, swapped=not dry_run
    )


def events_to_read(*, consumer: str, after_position: int = 0) -> int:
    """About how many events a replay reads: what its progress counts up to."""
    projection = consumer_named(consumer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM event_log WHERE event_type = ANY(%s) AND position > %s)"
            " + coalesce((SELECT sum(rows) FROM event_archive WHERE last_position > %s), 0)",
            [list(projection.event_types), after_position, after_position],
        )
        return int(cursor.fetchone()[0])


def _catch_up(feed: Feed, archive: Path | None, progress: Progress) -> None:
    for events in feed.from_archives(archive):
        progress(events)
    for _ in range(_ROUNDS):
        fed = 0
        for events in feed.from_log(_targets(feed.consumer)):
            progress(events)
            fed += events
        if fed < feed.consumer.batch_size:
            return


@transaction.atomic
def _finish(feed: Feed, progress: Progress, *, dry_run: bool) -> tuple[TableParity, ...]:
    """With the live consumer held still: feed the rest, compare, swap."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [feed.consumer.name])
    for events in feed.from_log(_targets(feed.consumer)):
        progress(events)
    feed.from_put_off()
    parity = compare(feed.schema, feed.consumer.tables, feed.consumer.volatile)
    if not dry_run:
        swap(feed.schema, feed.consumer.tables)
    return parity


def _targets(consumer: Consumer) -> dict[int, int]:
    """Up to where, in each partition, everything that the consumer wants is applied live."""
    archived = last_archived_position()
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, [list(consumer.event_types), consumer.name])
        return {partition: max(position, archived) for partition, position in cursor.fetchall()}


@contextmanager
def _alone(consumer: str) -> Iterator[None]:
    """One replay of a consumer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, consumer])
        if not cursor.fetchone()[0]:
            raise ReplayRunning(f"{consumer} is being replayed already")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCK, consumer])
