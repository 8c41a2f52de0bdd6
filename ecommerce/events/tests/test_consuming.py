"""Consumers: where they start, what they want, and that errors of ours are told apart from poison."""

from collections.abc import Sequence

import pytest

from ecommerce import clock
from ecommerce.events import Envelope
from ecommerce.events.errors import UnknownConsumer
from ecommerce.events.offsets import enlist, pending
from ecommerce.events.testing import drain
from ecommerce.events.tests.kit import listening, rows, send
from ecommerce.events.watching import (
    consumer_statuses,
    forget_consumer,
    pause_consumer,
    resume_consumer,
    spine_status,
)

pytestmark = pytest.mark.django_db


class Ear:
    """Remembers what it heard."""

    __qualname__ = "Ear"

    def __init__(self) -> None:
        self.heard: list[int] = []

    def __call__(self, events: Sequence[Envelope]) -> None:
        self.heard.extend(event.payload["number"] for event in events)


def test_a_new_consumer_starts_from_the_beginning() -> None:
    send(("a", 1), ("a", 2))
    drain()
    ear = Ear()
    with listening("test.new", ear):
        drain()

    assert ear.heard == [1, 2]


def test_a_consumer_may_start_from_now() -> None:
    send(("a", 1))
    drain()
    ear = Ear()
    with listening("test.now", ear, start="now"):
        drain()
        send(("a", 2))
        drain()

    assert ear.heard == [2]


def test_a_repeated_drain_applies_nothing_twice() -> None:
    ear = Ear()
    with listening("test.once", ear):
        send(("a", 1))
        drain()
        assert drain().handled == 0

    assert ear.heard == [1]


def test_a_paused_consumer_waits_and_goes_on_where_it_stopped() -> None:
    ear = Ear()
    with listening("test.pause", ear):
        send(("a", 1))
        drain()
        pause_consumer("test.pause", now=clock.now())
        pause_consumer("test.pause", now=clock.now())
        send(("a", 2))
        drain()
        assert ear.heard == [1]
        (status,) = [
            status for status in consumer_statuses(now=clock.now()) if status.name == "test.pause"
        ]
        assert (status.lag_events, status.handled, status.paused_at is not None) == (1, 1, True)
        assert status.lag_seconds > 0
        resume_consumer("test.pause")
        drain()

    assert ear.heard == [1, 2]


def test_pausing_an_unknown_consumer_is_refused() -> None:
    with pytest.raises(UnknownConsumer):
        pause_consumer("test.nobody", now=clock.now())


def test_nothing_pends_for_types_that_nobody_wants() -> None:
    send(("a", 1))
    drain()

    assert pending(["test.nobody"], now=clock.now()) == {}


def test_batches_are_as_small_as_the_consumer_asks() -> None:
    sizes: list[int] = []
    with listening("test.small", lambda events: sizes.append(len(events)), batch_size=2):
        send(*(("a", number) for number in range(5)))
        drain()

    assert sizes == [2, 2, 1]


def test_a_forgotten_consumer_leaves_nothing() -> None:
    with listening("test.gone", Ear()):
        enlist(now=clock.now())
    forget_consumer("test.gone")

    assert rows("SELECT count(*) FROM event_offset WHERE consumer = 'test.gone'") == [(0,)]


def test_the_spine_tells_what_waits_in_the_outbox() -> None:
    send(("a", 1), ("a", 2))
    before = spine_status(now=clock.now())
    drain()
    after = spine_status(now=clock.now())

    assert (before.outbox_events, after.outbox_events) == (2, 0)
    assert before.outbox_seconds > 0
    assert after.position - before.position == 2


def test_a_trickle_over_all_partitions_is_one_batch_in_the_order_of_the_log() -> None:
    heard: list[list[int]] = []
    with listening("test.trickle", lambda es: heard.append([e.payload["number"] for e in es])):
        send(*((f"k{number % 23}", number) for number in range(100)))
        drain()

    assert heard == [list(range(100))]
    assert rows(
        "SELECT sum(handled), sum(parked) FROM event_offset WHERE consumer = 'test.trickle'"
    ) == [(100, 0)]


def test_a_backlog_is_taken_partition_by_partition() -> None:
    """So that several workers share it."""
    batches: list[list[Envelope]] = []
    with listening("test.backlog", lambda events: batches.append(list(events)), batch_size=32):
        send(*((f"k{number % 23}", number) for number in range(1_000)))
        drain()

    first, *others = batches
    assert len({event.partition for event in first}) > 8
    assert all(len({event.partition for event in batch}) == 1 for batch in others)
    assert max(map(len, batches)) == 32
    assert sorted(e.payload["number"] for batch in batches for e in batch) == list(range(1_000))


def test_a_batch_smaller_than_the_partitions_leaves_none_behind() -> None:
    ear = Ear()
    with listening("test.tiny", ear, batch_size=3):
        send(*((f"k{number}", number) for number in range(60)))
        drain()

    assert sorted(ear.heard) == list(range(60))


def test_poison_in_a_batch_of_many_partitions_holds_up_its_own_key_only() -> None:
    heard: list[tuple[str, int]] = []

    def fussy(events: Sequence[Envelope]) -> None:
        for event in events:
            if event.payload["number"] == 7:
                raise ValueError("poison")
        heard.extend((event.partition_key, event.payload["number"]) for event in events)

    with listening("test.fussy", fussy):
        send(*((f"k{number % 5}", number) for number in range(20)))
        drain(raise_errors=False)

    assert {number for _, number in heard} == set(range(20)) - {7, 12, 17}
    assert rows(
        "SELECT sum(handled), sum(parked) FROM event_offset WHERE consumer = 'test.fussy'"
    ) == [(17, 3)]
