"""Events that failed, and those of the same key that wait behind them.

Everything here runs with the offset row of the consumer and partition locked, so a key's queue has one
writer. The first of a key is its head (``retry`` or ``dead``), the rest are ``queued`` by position.
"""

import random
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from ecommerce.events.envelope import Envelope
from ecommerce.events.handling import run_one
from ecommerce.events.log import read_at
from ecommerce.events.models import DeadLetter, ParkedEvent
from ecommerce.events.subscriptions import Consumer

RETRY, QUEUED, DEAD = ParkedEvent.State.RETRY, ParkedEvent.State.QUEUED, ParkedEvent.State.DEAD
_RETRIES_A_STEP = 200


@dataclass(kw_only=True, slots=True)
class Retried:
    """What became of the parked events that were due."""

    released: int = 0
    failed: int = 0
    errors: list[Exception] = field(default_factory=list)


def delay_after(attempts: int) -> timedelta:
    """Exponential with full jitter above a half: 1, 2, 4 … seconds at most an hour, each times 0.5 to 1.5."""
    first: float = getattr(settings, "EVENTS_RETRY_SECONDS", 1.0)
    return timedelta(seconds=min(first * 2 ** (attempts - 1), 3_600) * random.uniform(0.5, 1.5))  # noqa: S311


def held_keys(consumer: str, partition: int) -> set[str]:
    """The keys whose events must queue up."""
    parked = ParkedEvent.objects.filter(consumer=consumer, partition=partition).exclude(
        state=QUEUED
    )
    return set(parked.values_list("partition_key", flat=True))


def queue(consumer: Consumer, events: Sequence[Envelope]) -> None:
    """Park events behind an earlier one of their key."""
    ParkedEvent.objects.bulk_create([_parked(consumer, event, state=QUEUED) for event in events])


def park(consumer: Consumer, event: Envelope, error: Exception, *, now: datetime) -> None:
    """Park an event that just failed for the first time, as the head of its key."""
    parked = _parked(consumer, event, state=RETRY)
    _note_failure(consumer, parked, event, error, now=now)
    parked.save(force_insert=True)


def retry_due(consumer: Consumer, partition: int, *, now: datetime) -> Retried:
    """Try the heads whose time has come; where one succeeds, those behind it follow in order."""
    retried = Retried()
    due = ParkedEvent.objects.filter(
        consumer=consumer.name, partition=partition, state=RETRY, next_attempt_at__lte=now
    ).order_by("position")[:_RETRIES_A_STEP]
    for head in due:
        current: ParkedEvent | None = head
        while current and retried.released < _RETRIES_A_STEP:
            current = _retry(consumer, current, retried, now=now)
    return retried


def _retry(
    consumer: Consumer, head: ParkedEvent, retried: Retried, *, now: datetime
) -> ParkedEvent | None:
    """Returns the next of the key if this one went well."""
    (event,) = read_at([(head.position, head.recorded_at)])
    error = run_one(consumer, event)
    if error is None:
        retried.released += 1
        DeadLetter.objects.filter(
            consumer=consumer.name, position=head.position, status=DeadLetter.Status.REDRIVING
        ).update(status=DeadLetter.Status.REDRIVEN, settled_at=now)
        return release(head, now=now)
    retried.failed += 1
    retried.errors.append(error)
    _note_failure(consumer, head, event, error, now=now)
    head.save()
    return None


def release(head: ParkedEvent, *, now: datetime) -> ParkedEvent | None:
    """Remove the head of a key and make the next in its queue the head, due at once."""
    behind = ParkedEvent.objects.filter(
        consumer=head.consumer,
        partition=head.partition,
        partition_key=head.partition_key,
        state=QUEUED,
    ).order_by("position")
    head.delete()
    following = behind.first()
    if following:
        following.state, following.next_attempt_at = RETRY, now
        following.save()
    return following


def _parked(consumer: Consumer, event: Envelope, *, state: ParkedEvent.State) -> ParkedEvent:
    return ParkedEvent(
        consumer=consumer.name,
        partition=event.partition,
        partition_key=event.partition_key,
        position=event.position,
        recorded_at=event.recorded_at,
        state=state,
    )


def _note_failure(
    consumer: Consumer, parked: ParkedEvent, event: Envelope, error: Exception, *, now: datetime
) -> None:
    parked.attempts += 1
    parked.error = f"{type(error).__name__}: {error}"
    if parked.attempts < consumer.attempts:
        parked.state, parked.next_attempt_at = RETRY, now + delay_after(parked.attempts)
        return
    parked.state, parked.next_attempt_at = DEAD, None
    _bury(parked, event, error, now=now)


def _bury(parked: ParkedEvent, event: Envelope, error: Exception, *, now: datetime) -> None:
    DeadLetter.objects.update_or_create(
        consumer=parked.consumer,
        position=parked.position,
        defaults={
            "partition": parked.partition,
            "partition_key": parked.partition_key,
            "event_id": event.event_id,
            "event_type": event.event_type,
            "attempts": parked.attempts,
            "error": parked.error,
            "traceback": "".join(traceback.format_exception(error)),
            "status": DeadLetter.Status.OPEN,
            "died_at": now,
            "settled_at": None,
        },
    )
