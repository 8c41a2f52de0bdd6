"""One step of one consumer through some log partitions: its effects and its offsets in one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ecommerce.context import bind
from ecommerce.events import parking
from ecommerce.events.envelope import Envelope
from ecommerce.events.handling import BatchFailed, run_at_once, run_one
from ecommerce.events.log import Place, read_next
from ecommerce.events.offsets import Move, Standing, advance, lock_standings
from ecommerce.events.subscriptions import Consumer
from ecommerce.steps import reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What one step did."""

    handled: int
    parked: int
    errors: tuple[Exception, ...] = ()
    full: frozenset[int] = frozenset()
    """Partitions that had as much to read as the step would take of them: there may be more."""

    @property
    def progressed(self) -> bool:
        return bool(self.handled or self.parked or self.errors)


def step(consumer: Consumer, partitions: Sequence[int], *, now: datetime) -> Step | None:
    """Take the consumer further by one batch from these partitions, in the order of the log.

    None if it is paused, or other workers are at all of them.
    """
    with bind():
        try:
            taken = _step(consumer, partitions, now=now, one_by_one=False)
        except BatchFailed:
            taken = _step(consumer, partitions, now=now, one_by_one=True)
    if taken is not None and taken.progressed:
        reach("events.after_batch")
    return taken


@transaction.atomic
def _step(
    consumer: Consumer, partitions: Sequence[int], *, now: datetime, one_by_one: bool
) -> Step | None:
    standings = lock_standings(consumer.name, partitions[: consumer.batch_size])
    if not standings:
        return None
    retried = {
        standing.partition: parking.retry_due(consumer, standing.partition, now=now)
        for standing in standings
        if standing.parked
    }
    share = consumer.batch_size // len(standings)
    events = read_next(
        [Place(one.partition, one.position, one.recorded_at) for one in standings],
        types=consumer.event_types,
        limit=share,
    )
    ready, waiting = _apart(standings, events)
    failed = (
        _one_by_one(consumer, ready, waiting, now=now) if one_by_one else _at_once(consumer, ready)
    )
    parking.queue(consumer, waiting)
    unhandled = [*waiting, *(event for event, _ in failed)]
    released = {partition: one.released for partition, one in retried.items()}
    moved = _moved(standings, events, unhandled, released)
    if moved:
        advance(consumer.name, moved)
        reach("events.in_batch")
    read = Counter(event.partition for event in events)
    return Step(
        handled=len(events) - len(unhandled) + sum(released.values()),
        parked=len(unhandled),
        errors=(
            *(error for one in retried.values() for error in one.errors),
            *(error for _, error in failed),
        ),
        full=frozenset(partition for partition, number in read.items() if number == share),
    )


def _moved(
    standings: Sequence[Standing],
    events: Sequence[Envelope],
    unhandled: Sequence[Envelope],
    released: dict[int, int],
) -> list[Move]:
    """Nothing of partitions in which nothing happened."""
    read = Counter(event.partition for event in events)
    left = Counter(event.partition for event in unhandled)
    last = {event.partition: event for event in events}
    moved = []
    for one in standings:
        freed = released.get(one.partition, 0)
        if not read[one.partition] and not freed:
            continue
        newest = last.get(one.partition)
        moved.append(
            Move(
                partition=one.partition,
                position=newest.position if newest else one.position,
                recorded_at=newest.recorded_at if newest else one.recorded_at,
                handled=read[one.partition] - left[one.partition] + freed,
                parked=left[one.partition] - freed,
            )
        )
    return moved


def _apart(
    standings: Sequence[Standing], events: list[Envelope]
) -> tuple[list[Envelope], list[Envelope]]:
    """Events that may run, and those whose key is held up."""
    held = {
        key
        for one in standings
        if one.parked and events
        for key in parking.held_keys(one.consumer, one.partition)
    }
    if not held:
        return events, []
    ready = [event for event in events if event.partition_key not in held]
    return ready, [event for event in events if event.partition_key in held]


def _at_once(consumer: Consumer, ready: Sequence[Envelope]) -> list[tuple[Envelope, Exception]]:
    run_at_once(consumer, ready)
    return []


def _one_by_one(
    consumer: Consumer, ready: Sequence[Envelope], waiting: list[Envelope], *, now: datetime
) -> list[tuple[Envelope, Exception]]:
    """Handle each by itself; park what fails and add what comes after it, of its key, to those waiting."""
    failed: list[tuple[Envelope, Exception]] = []
    held: set[str] = set()
    for event in ready:
        if event.partition_key in held:
            waiting.append(event)
            continue
        error = run_one(consumer, event)
        if error is not None:
            parking.park(consumer, event, error, now=now)
            held.add(event.partition_key)
            failed.append((event, error))
    return failed
