"""One step of one consumer in one log partition: its effects and its offset in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ecommerce.context import bind
from ecommerce.events import parking
from ecommerce.events.envelope import Envelope
from ecommerce.events.handling import BatchFailed, run_at_once, run_one
from ecommerce.events.log import read_after
from ecommerce.events.offsets import Standing, advance, lock_standing
from ecommerce.events.subscriptions import Consumer
from ecommerce.steps import reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What one step did."""

    handled: int
    parked: int
    errors: tuple[Exception, ...] = ()

    @property
    def progressed(self) -> bool:
        return bool(self.handled or self.parked or self.errors)


def step(consumer: Consumer, partition: int, *, now: datetime) -> Step | None:
    """Take the consumer one batch further in a partition; None if it is paused or another worker is at it."""
    with bind():
        try:
            taken = _step(consumer, partition, now=now, one_by_one=False)
        except BatchFailed:
            taken = _step(consumer, partition, now=now, one_by_one=True)
    if taken is not None and taken.progressed:
        reach("events.after_batch")
    return taken


@transaction.atomic
def _step(consumer: Consumer, partition: int, *, now: datetime, one_by_one: bool) -> Step | None:
    standing = lock_standing(consumer.name, partition)
    if standing is None:
        return None
    retried = (
        parking.retry_due(consumer, partition, now=now) if standing.parked else parking.Retried()
    )
    events = read_after(
        standing.position,
        partition=partition,
        types=consumer.event_types,
        since=standing.recorded_at,
        limit=consumer.batch_size,
    )
    ready, waiting = _apart(standing, events)
    errors = (
        _one_by_one(consumer, ready, waiting, now=now) if one_by_one else _at_once(consumer, ready)
    )
    parking.queue(consumer, waiting)
    parked = len(waiting) + len(errors)
    handled = len(events) - parked + retried.released
    if events or retried.released:
        advance(standing, events, handled=handled, parked=parked - retried.released)
        reach("events.in_batch")
    return Step(handled=handled, parked=parked, errors=(*retried.errors, *errors))


def _apart(standing: Standing, events: list[Envelope]) -> tuple[list[Envelope], list[Envelope]]:
    """Events that may run, and those whose key is held up."""
    if not standing.parked or not events:
        return events, []
    held = parking.held_keys(standing.consumer, standing.partition)
    ready = [event for event in events if event.partition_key not in held]
    return ready, [event for event in events if event.partition_key in held]


def _at_once(consumer: Consumer, ready: Sequence[Envelope]) -> list[Exception]:
    run_at_once(consumer, ready)
    return []


def _one_by_one(
    consumer: Consumer, ready: Sequence[Envelope], waiting: list[Envelope], *, now: datetime
) -> list[Exception]:
    """Handle each by itself; park what fails and add what comes after it, of its key, to those waiting."""
    errors: list[Exception] = []
    held: set[str] = set()
    for event in ready:
        if event.partition_key in held:
            waiting.append(event)
            continue
        error = run_one(consumer, event)
        if error is not None:
            parking.park(consumer, event, error, now=now)
            held.add(event.partition_key)
            errors.append(error)
    return errors
