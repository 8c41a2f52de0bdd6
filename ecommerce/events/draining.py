"""Moving everything on: the sequencer, then every consumer with something to do, until it is quiet."""

import logging
import time
from dataclasses import dataclass, field

from django.db import connection

from ecommerce import clock
from ecommerce.events.consuming import Step, step
from ecommerce.events.offsets import enlist, pending
from ecommerce.events.sequencer import BATCH, sequence_batch
from ecommerce.events.subscriptions import Consumer

_BATCHES_A_ROUND = 10
logger = logging.getLogger(__name__)


@dataclass(kw_only=True, slots=True)
class Drained:
    """What a drain did."""

    sequenced: int = 0
    handled: int = 0
    parked: int = 0
    finished: bool = False
    """False if the time ran out before it was quiet."""
    errors: list[Exception] = field(default_factory=list)


def drain(*, seconds: float) -> Drained:
    """Work until nothing is left to do, or the time is up."""
    done = Drained()
    deadline = time.monotonic() + seconds
    consumers = {consumer.name: consumer for consumer in enlist(now=clock.now())}
    while time.monotonic() < deadline:
        moved = _sequence()
        done.sequenced += moved
        if not _consume(consumers, done, deadline) and not moved:
            done.finished = True
            break
    return done


def _sequence() -> int:
    total = 0
    for _ in range(_BATCHES_A_ROUND):
        moved = sequence_batch() or 0
        total += moved
        if moved < BATCH:
            break
    return total


def _consume(consumers: dict[str, Consumer], done: Drained, deadline: float) -> bool:
    """One step of every consumer and partition with work; whether any of them moved."""
    progressed = False
    for name, partition in pending(list(consumers), now=clock.now()):
        if time.monotonic() >= deadline:
            break
        taken = _guarded_step(consumers[name], partition)
        if taken:
            done.handled += taken.handled
            done.parked += taken.parked
            done.errors.extend(taken.errors)
            progressed = progressed or taken.progressed
    return progressed


def _guarded_step(consumer: Consumer, partition: int) -> Step | None:
    """A consumer that breaks down must not keep the others from theirs."""
    try:
        return step(consumer, partition, now=clock.now())
    except Exception:
        if connection.in_atomic_block:
            raise
        logger.exception(
            "event_step_failed", extra={"consumer": consumer.name, "partition": partition}
        )
        connection.close()
        return None
