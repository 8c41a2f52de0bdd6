"""Moving everything on: the sequencer, then every consumer with something to do, until it is quiet."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from ecommerce import clock
from ecommerce.events.consuming import Step, step
from ecommerce.events.offsets import enlist, pending
from ecommerce.events.sequencer import BATCH, sequence_batch
from ecommerce.events.subscriptions import Consumer

_BATCHES_A_ROUND = 10
_Deep = defaultdict[str, frozenset[int]]
"""By consumer, the partitions in which a step found more than its share: a backlog."""
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
    deep: _Deep = defaultdict(frozenset)
    consumers = {consumer.name: consumer for consumer in enlist(now=clock.now())}
    while time.monotonic() < deadline:
        moved = _sequence()
        done.sequenced += moved
        if not _consume(consumers, done, deep, deadline) and not moved:
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


def _consume(consumers: dict[str, Consumer], done: Drained, deep: _Deep, deadline: float) -> bool:
    """Steps of every consumer with work; whether any of them moved."""
    progressed = False
    for name, partitions in pending(list(consumers), now=clock.now()).items():
        for portion in _portions(partitions, deep[name]):
            if time.monotonic() >= deadline:
                return progressed
            taken = _guarded_step(consumers[name], portion)
            if taken:
                done.handled += taken.handled
                done.parked += taken.parked
                done.errors.extend(taken.errors)
                deep[name] = deep[name].difference(portion) | taken.full
                progressed = progressed or taken.progressed
    return progressed


def _portions(partitions: Sequence[int], deep: frozenset[int]) -> Iterator[list[int]]:
    """Partitions to be taken in one step: one commit for a little of each, a commit for each that has much.

    So a trickle costs a consumer one step, and workers share a backlog.
    """
    if few := [partition for partition in partitions if partition not in deep]:
        yield few
    for partition in partitions:
        if partition in deep:
            yield [partition]


def _guarded_step(consumer: Consumer, partitions: Sequence[int]) -> Step | None:
    """A consumer that breaks down must not keep the others from theirs."""
    try:
        return step(consumer, partitions, now=clock.now())
    except Exception:
        if connection.in_atomic_block:
            raise
        logger.exception(
            "event_step_failed", extra={"consumer": consumer.name, "partitions": partitions}
        )
        connection.close()
        return None
