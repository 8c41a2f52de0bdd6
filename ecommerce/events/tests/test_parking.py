"""A failing event holds back its own key and nothing else."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from ecommerce import clock
from ecommerce.events import Envelope, parking
from ecommerce.events.consuming import step
from ecommerce.events.dead_letters import discard, list_dead_letters, redrive, show_dead_letter
from ecommerce.events.errors import DeadLetterSettled, UnknownDeadLetter
from ecommerce.events.offsets import enlist, pending
from ecommerce.events.sequencer import sequence_all
from ecommerce.events.subscriptions import consumer_named
from ecommerce.events.testing import drain
from ecommerce.events.tests.kit import listening, rows, send

pytestmark = pytest.mark.django_db
NAME = "test.fussy"
Seen = list[tuple[str, int]]


class Fussy:
    """A handler that cannot stomach some parcels until it is cured."""

    def __init__(self, *poison: tuple[str, int]) -> None:
        self.poison = set(poison)
        self.seen: Seen = []

    def __call__(self, events: Sequence[Envelope]) -> None:
        for event in events:
            parcel = event.payload["parcel"], event.payload["number"]
            if parcel in self.poison:
                raise ValueError(f"cannot stomach {parcel}")
            self.seen.append(parcel)


def fussy(*poison: tuple[str, int]) -> Fussy:
    handler = Fussy(*poison)
    handler.__qualname__ = "fussy"  # type: ignore[attr-defined]  # handlers are functions elsewhere
    return handler


def later(seconds: float) -> None:
    """Everything that is due within so many seconds."""
    now = clock.now() + timedelta(seconds=seconds)
    while work := pending([NAME], now=now):
        for name, partitions in work.items():
            step(consumer_named(name), partitions, now=now)


def states() -> list[tuple[int, str, int]]:
    return rows(
        "SELECT (SELECT (payload->>'number')::int FROM event_log l WHERE l.position = p.position), state, attempts"
        " FROM parked_event p ORDER BY position"
    )


def of_key(seen: Seen, key: str) -> list[int]:
    return [number for parcel, number in seen if parcel == key]


def test_only_the_failing_key_waits_and_later_events_of_it_queue_up() -> None:
    handler = fussy(("a", 2))
    with listening(NAME, handler):
        send(("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2))
        drain(raise_errors=False)
        send(("a", 4), ("b", 3))
        drain(raise_errors=False)

    assert of_key(handler.seen, "b")[-3:] == [1, 2, 3]
    assert states() == [(2, "retry", 1), (3, "queued", 0), (4, "queued", 0)]
    assert rows("SELECT sum(parked), sum(handled) FROM event_offset") == [(3, 4)]


def test_a_retry_that_succeeds_lets_those_behind_it_follow_in_order() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler):
        send(("a", 1), ("a", 2), ("a", 3))
        drain(raise_errors=False)
        handler.poison.clear()
        handler.seen.clear()
        later(seconds=5)

    assert handler.seen == [("a", 1), ("a", 2), ("a", 3)]
    assert states() == []
    assert rows("SELECT sum(parked), sum(handled) FROM event_offset") == [(0, 3)]


def test_a_retry_waits_for_its_time() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler):
        send(("a", 1))
        drain(raise_errors=False)
        handler.poison.clear()
        drain()

    assert states() == [(1, "retry", 1)]


def test_delays_double_with_jitter_up_to_an_hour() -> None:
    for attempts, seconds in ((1, 1), (2, 2), (5, 16), (30, 3_600)):
        delays = {parking.delay_after(attempts) for _ in range(50)}
        assert len(delays) > 1
        assert min(delays) >= timedelta(seconds=seconds * 0.5)
        assert max(delays) <= timedelta(seconds=seconds * 1.5)


def test_after_the_last_attempt_it_is_a_dead_letter_with_its_traceback() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler, attempts=3):
        send(("a", 1), ("a", 2), ("b", 1))
        drain(raise_errors=False)
        later(seconds=100)
        later(seconds=200)

    (letter,) = list_dead_letters(consumer=NAME)
    view, event = show_dead_letter(letter.id)
    assert (view.attempts, view.status, view.waiting) == (3, "open", 1)
    assert view.error == "ValueError: cannot stomach ('a', 1)"
    assert "raise ValueError" in view.traceback
    assert event is not None
    assert event.payload == {"parcel": "a", "number": 1}
    assert states() == [(1, "dead", 3), (2, "queued", 0)]
    assert ("b", 1) in handler.seen


def dead(handler: Fussy) -> list[UUID]:
    send(("a", 1), ("a", 2), ("a", 3))
    drain(raise_errors=False)
    return [letter.id for letter in list_dead_letters(consumer=NAME, status="open")]


def test_redriving_applies_it_and_then_those_that_waited_in_order() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler, attempts=1):
        (letter,) = dead(handler)
        handler.poison.clear()
        redrive(letter, now=clock.now())
        send(("a", 4))
        drain()

    assert handler.seen == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]
    assert [view.status for view in list_dead_letters()] == ["redriven"]
    assert rows("SELECT sum(parked), sum(handled) FROM event_offset") == [(0, 4)]


def test_redriving_what_still_fails_opens_the_letter_again() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler, attempts=1):
        (letter,) = dead(handler)
        redrive(letter, now=clock.now())
        drain(raise_errors=False)

    assert [(view.id, view.status, view.waiting) for view in list_dead_letters()] == [
        (letter, "open", 2)
    ]


def test_discarding_lets_those_behind_it_flow() -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler, attempts=1):
        (letter,) = dead(handler)
        discard(letter, now=clock.now())
        drain()

    assert handler.seen == [("a", 2), ("a", 3)]
    assert [view.status for view in list_dead_letters()] == ["discarded"]
    assert states() == []


@pytest.mark.parametrize("settle", [redrive, discard])
def test_a_settled_letter_cannot_be_settled_again(settle: Callable[..., None]) -> None:
    handler = fussy(("a", 1))
    with listening(NAME, handler, attempts=1):
        (letter,) = dead(handler)
        discard(letter, now=clock.now())
        before = states()
        with pytest.raises(DeadLetterSettled):
            settle(letter, now=clock.now())

    assert states() == before


def test_an_unknown_letter_is_refused() -> None:
    from ecommerce.ids import new_id

    with pytest.raises(UnknownDeadLetter):
        redrive(new_id(), now=clock.now())


def test_one_in_a_hundred_poisoned_stops_nothing_else() -> None:
    parcels = [(f"k{number % 200}", number) for number in range(2_000)]
    poison = parcels[150::100]
    handler = fussy(*poison)
    with listening(NAME, handler, attempts=1):
        send(*parcels)
        enlist(now=clock.now())
        sequence_all()
        drain(raise_errors=False)
        held = {parcel for parcel, _ in poison}
        first = {key: min(n for k, n in poison if k == key) for key in held}
        flowed = {parcel for parcel in parcels if parcel[1] < first.get(parcel[0], 10**9)}
        applied = rows("SELECT sum(handled) FROM event_offset")[0][0]
        assert applied == len(flowed)
        assert flowed <= set(handler.seen)
        for _ in range(len(poison)):
            for letter in list_dead_letters(status="open"):
                discard(letter.id, now=clock.now())
            drain(raise_errors=False)

    assert rows("SELECT count(*) FROM parked_event") == [(0,)]
    assert rows("SELECT sum(handled) FROM event_offset") == [(len(parcels) - len(poison),)]
    assert rows("SELECT count(*) FROM dead_letter WHERE status = 'discarded'") == [(len(poison),)]
