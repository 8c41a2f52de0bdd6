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
