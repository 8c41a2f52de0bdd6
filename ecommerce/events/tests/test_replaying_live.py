"""Replay while the shop goes on selling: the swapped table has every event once."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from ecommerce import clock
from ecommerce.events import Envelope, draining, tasks
from ecommerce.events import testing as spine
from ecommerce.events.errors import ReplayRunning
from ecommerce.events.replaying import replay
from ecommerce.events.replaying._replay import _alone
from ecommerce.events.tests.kit import listening, rows, send

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "test.live_totals"


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_live_total (parcel text PRIMARY KEY, total int NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_live_total")


def count(events: Sequence[Envelope]) -> None:
    with connection.cursor() as cursor:
        for event in events:
            cursor.execute(
                "INSERT INTO test_live_total VALUES (%s, %s) ON CONFLICT (parcel)"
                " DO UPDATE SET total = test_live_total.total + excluded.total",
                [event.payload["parcel"], event.payload["number"]],
            )


def sell(done: threading.Event) -> int:
    """Publish until told to stop; returns how many."""
    sold = 0
    try:
        while not done.is_set():
            send((f"p{sold % 5}", 1))
            sold += 1
            time.sleep(0.01)
    finally:
        connection.close()
    return sold


def consume(done: threading.Event) -> None:
    try:
        while not done.is_set():
            spine.drain()
    finally:
        connection.close()


def test_nothing_is_lost_or_counted_twice_while_the_shop_sells() -> None:
    send(*((f"p{number % 5}", 1) for number in range(500)))
    done = threading.Event()
    with listening(NAME, count, tables=("test_live_total",), batch_size=50):
        spine.drain()
        with ThreadPoolExecutor(3) as pool:
            consumer, seller = pool.submit(consume, done), pool.submit(sell, done)
            results = [replay(consumer=NAME, now=clock.now()) for _ in range(2)]
            done.set()
            sold = seller.result()
            consumer.result()
        spine.drain()

        assert all(result.same and result.swapped for result in results)
        assert replay(consumer=NAME, now=clock.now(), dry_run=True).same
    assert rows("SELECT sum(total) FROM test_live_total") == [(500 + sold,)]
    assert sold > 0


def replay_elsewhere() -> None:
    try:
        replay(consumer=NAME, now=clock.now())
    finally:
        connection.close()


def test_one_replay_of_a_consumer_at_a_time() -> None:
    with (
        listening(NAME, count, tables=("test_live_total",)),
        _alone(NAME),
        ThreadPoolExecutor(1) as pool,
        pytest.raises(ReplayRunning),
    ):
        pool.submit(replay_elsewhere).result()


def test_a_pump_sequences_and_consumes_and_a_second_one_finds_nothing() -> None:
    with listening(NAME, count, tables=("test_live_total",)):
        send(("a", 2), ("a", 3))
        tasks.pump(left_over_from="an older release")
        tasks.pump()
        tasks.extend_log()

    assert rows("SELECT parcel, total FROM test_live_total") == [("a", 5)]


def test_a_consumer_whose_database_breaks_down_does_not_stop_the_others() -> None:
    def break_down(events: Sequence[Envelope]) -> None:
        connection.connection.close()
        raise OperationalError("the server closed the connection")

    with listening(NAME, count), listening("test.a_broken_one", break_down):
        send(("a", 2))
        draining.drain(seconds=1)

    assert rows("SELECT parcel, total FROM test_live_total") == [("a", 2)]
    assert rows("SELECT count(*) FROM parked_event") == [(0,)]
