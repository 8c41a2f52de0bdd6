"""Real writers, sequencers and consumers at once: nothing lost, nothing twice, no order of a key broken."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from ecommerce.events import Envelope, publish
from ecommerce.events import testing as spine
from ecommerce.events.sequencer import sequence_all, sequence_batch
from ecommerce.events.tests.kit import ParcelSent, listening, rows, send

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = 12


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    """Counters that writers lock, and what a consumer applied (nothing unique, so that doubles show)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_counter (key text PRIMARY KEY, number int NOT NULL)")
        cursor.execute("CREATE TABLE test_applied (id bigserial, key text, number int)")
        cursor.execute(
            "INSERT INTO test_counter SELECT 'k' || k, 0 FROM generate_series(1, %s) k", [KEYS]
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_counter, test_applied")


def write(seed: int) -> None:
    """Thirty transactions: some take their id early and commit late, some roll back."""
    dice = random.Random(seed)
    try:
        for _ in range(30):
            _write_once(dice)
    finally:
        connection.close()


def _write_once(dice: random.Random) -> None:
    key = f"k{dice.randint(1, KEYS)}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        cursor.execute(
            "UPDATE test_counter SET number = number + 1 WHERE key = %s RETURNING number", [key]
        )
        publish(ParcelSent(parcel=key, number=cursor.fetchone()[0]))
        if dice.random() < 0.3:
            time.sleep(dice.random() * 0.02)
        if dice.random() < 0.2:
            transaction.set_rollback(True)


def apply(events: Sequence[Envelope]) -> None:
    """What the consumer under test does: one row an event."""
    with connection.cursor() as cursor:
        for event in events:
            cursor.execute(
                "INSERT INTO test_applied (key, number) VALUES (%s, %s)",
                [event.payload["parcel"], event.payload["number"]],
            )


def drain_until(done: threading.Event) -> None:
    try:
        while not done.is_set():
            spine.drain()
    finally:
        connection.close()


def applied() -> dict[str, list[int]]:
    return {
        key: list(numbers)
        for key, numbers in rows(
            "SELECT key, array_agg(number ORDER BY id) FROM test_applied GROUP BY key"
        )
    }


def expected() -> dict[str, list[int]]:
    counters = rows("SELECT key, number FROM test_counter WHERE number > 0")
    return {key: list(range(1, number + 1)) for key, number in counters}


def test_eight_writers_two_drainers_every_event_once_in_order_of_its_key() -> None:
    done = threading.Event()
    with listening("test.apply", apply, batch_size=7):
        spine.drain()
        with ThreadPoolExecutor(10) as pool:
            drainers = [pool.submit(drain_until, done) for _ in range(2)]
            for writer in [pool.submit(write, seed) for seed in range(8)]:
                writer.result()
            done.set()
            for drainer in drainers:
                drainer.result()
        spine.drain()

    assert applied() == expected()
    assert rows("SELECT count(*), min(position), max(position) FROM event_log")[0] == (
        (total := sum(len(numbers) for numbers in expected().values())),
        1,
        total,
    )


def late_commit(told: threading.Event, commit: threading.Event) -> None:
    try:
        with transaction.atomic():
            publish(ParcelSent(parcel="late", number=1))
            told.set()
            commit.wait(10)
    finally:
        connection.close()


@pytest.fixture
def overtaken() -> Iterator[Callable[[], None]]:
    """An event with a low id is told but not committed, one with a higher id is; calling it commits the first."""
    told, commit = threading.Event(), threading.Event()
    writer = threading.Thread(target=late_commit, args=(told, commit))
    writer.start()
    told.wait(10)
    send(("early", 2))

    def finish() -> None:
        commit.set()
        writer.join()

    yield finish
    finish()


def test_the_sequencer_delivers_an_event_that_was_overtaken(overtaken: Callable[[], None]) -> None:
    sequence_all()
    overtaken()
    sequence_all()

    assert rows("SELECT position, payload->>'parcel' FROM event_log ORDER BY 1") == [
        (1, "early"),
        (2, "late"),
    ]


def test_reading_the_identity_column_instead_would_lose_it(overtaken: Callable[[], None]) -> None:
    """The negative control: what the sequencer is for."""
    read = rows("SELECT id, payload->>'parcel' FROM outbox WHERE id > 0 ORDER BY id")
    overtaken()
    read += rows("SELECT id, payload->>'parcel' FROM outbox WHERE id > %s ORDER BY id", read[-1][0])

    assert [parcel for _, parcel in read] == ["early"]


def sequence_elsewhere() -> int | None:
    """A batch by another connection than the test's."""
    try:
        return sequence_batch()
    finally:
        connection.close()


def test_there_is_one_sequencer_at_a_time() -> None:
    send(("a", 1))
    with transaction.atomic():
        assert sequence_batch() == 1
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(sequence_elsewhere).result() is None


def test_a_consumer_killed_in_mid_batch_applies_nothing_twice() -> None:
    send(*(("a", number) for number in range(1, 21)))
    sequence_all()
    with listening("test.apply", apply):
        _kill_in_mid_batch()
        assert applied() == {}
        assert rows("SELECT max(position) FROM event_offset") == [(0,)]
        _drain_when_the_lock_is_free()

    assert applied() == {"a": list(range(1, 21))}


def _kill_in_mid_batch() -> None:
    """A process of its own consumes, and is killed when half of its batch is applied."""
    connection.close()
    context = multiprocessing.get_context("fork")
    halfway = context.Event()

    def child() -> None:
        def half(events: Sequence[Envelope]) -> None:
            apply(events[:10])
            halfway.set()
            time.sleep(60)

        half.__qualname__ = apply.__qualname__
        with listening("test.apply", half):
            spine.drain()

    worker = context.Process(target=child)
    worker.start()
    assert halfway.wait(20)
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def _drain_when_the_lock_is_free() -> None:
    deadline = time.monotonic() + 10
    while not applied() and time.monotonic() < deadline:
        spine.drain()
