"""Where the spine stands: lag, throughput, what waits; pausing and resuming consumers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from ecommerce.events.errors import ConsumerStillDeclared, UnknownConsumer
from ecommerce.events.models import ConsumerState, Offset, ParkedEvent
from ecommerce.events.subscriptions import all_consumers
from ecommerce.events.wake import wake_on_commit

_COUNTED_A_PARTITION = 10_000
"""Lag is exact up to here; beyond it, "at least" is all that an operator needs."""

_STATUS = """
WITH behind AS (
    SELECT o.consumer, o.partition, o.position, o.recorded_at, c.event_types
    FROM event_consumer c JOIN event_offset o ON o.consumer = c.name
    WHERE EXISTS (SELECT FROM event_head h WHERE h.event_type = ANY(c.event_types)
                  AND h.partition = o.partition AND h.position > o.position)
), lag AS (
    SELECT b.consumer, count(*) AS events, min(unread.recorded_at) AS oldest
    FROM behind b CROSS JOIN LATERAL (
        SELECT e.recorded_at FROM event_log e
        WHERE e.partition = b.partition AND e.position > b.position AND e.event_type = ANY(b.event_types)
          AND e.recorded_at >= coalesce(b.recorded_at, '-infinity')
        ORDER BY e.position LIMIT %s
    ) unread
    GROUP BY b.consumer
), done AS (
    SELECT consumer, sum(handled) AS handled, sum(parked) AS parked FROM event_offset GROUP BY consumer
), dead AS (
    SELECT consumer, count(*) AS letters FROM dead_letter WHERE status = 'open' GROUP BY consumer
)
SELECT c.name, c.event_types, c.tables, c.paused_at, coalesce(lag.events, 0), lag.oldest,
       coalesce(done.handled, 0)::bigint, coalesce(done.parked, 0)::bigint, coalesce(dead.letters, 0)
FROM event_consumer c
LEFT JOIN lag ON lag.consumer = c.name
LEFT JOIN done ON done.consumer = c.name
LEFT JOIN dead ON dead.consumer = c.name
ORDER BY c.name
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsumerStatus:
    """How a consumer does."""

    name: str
    event_types: tuple[str, ...]
    tables: tuple[str, ...]
    paused_at: datetime | None
    lag_events: int
    lag_seconds: float
    """Age of the oldest event that it has not read; 0 when it has read all."""
    handled: int
    parked: int
    dead_letters: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SpineStatus:
    """How the outbox and the log do."""

    outbox_events: int
    outbox_seconds: float
    """Age of the oldest event that is told but not in the log yet."""
    position: int
    """Events sequenced since the beginning."""


def consumer_statuses(*, now: datetime) -> list[ConsumerStatus]:
    """Every consumer that the database knows, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [_COUNTED_A_PARTITION])
        return [
            ConsumerStatus(
                name=name,
                event_types=tuple(types),
                tables=tuple(tables),
                paused_at=paused_at,
                lag_events=lag,
                lag_seconds=_age(oldest, now),
                handled=handled,
                parked=parked,
                dead_letters=dead,
            )
            for name, types, tables, paused_at, lag, oldest, handled, parked, dead in cursor.fetchall()
        ]


def spine_status(*, now: datetime) -> SpineStatus:
    """The outbox's depth and the log's end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM outbox), (SELECT min(occurred_at) FROM outbox),"
            " coalesce((SELECT position FROM event_sequence), 0)"
        )
        depth, oldest, position = cursor.fetchone()
    return SpineStatus(outbox_events=depth, outbox_seconds=_age(oldest, now), position=position)


def pause_consumer(name: str, *, now: datetime) -> None:
    """Let a consumer's events wait in the log. Repeating it changes nothing."""
    if not ConsumerState.objects.filter(name=name, paused_at=None).update(paused_at=now):
        _require(name)


@transaction.atomic
def resume_consumer(name: str) -> None:
    """Let it go on from where it stopped. Repeating it changes nothing."""
    if not ConsumerState.objects.filter(name=name).update(paused_at=None):
        _require(name)
    wake_on_commit()


@transaction.atomic
def forget_consumer(name: str) -> None:
    """Remove what the database knows of a consumer that the code no longer declares."""
    if name in {consumer.name for consumer in all_consumers()}:
        raise ConsumerStillDeclared(f"{name} is declared in the code: remove it there first")
    _require(name)
    ParkedEvent.objects.filter(consumer=name).delete()
    Offset.objects.filter(consumer=name).delete()
    ConsumerState.objects.filter(name=name).delete()


def _require(name: str) -> None:
    if not ConsumerState.objects.filter(name=name).exists():
        raise UnknownConsumer(f"No consumer is called {name}")


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
