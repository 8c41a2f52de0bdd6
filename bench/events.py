"""How soon an event has its effect, and how fast a backlog is worked off: by the shop's own workers."""

import os
import statistics
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from django.db import connection, transaction

from apps.inventory.events import AvailableUpdated
from bench.rows import Row, over, rounded
from ecommerce import clock, context
from ecommerce.events import publish_many
from ecommerce.events.offsets import pending

CONSUMER = "search.storefront"
RATES = (50, 200, 1_000)
LAG_SECONDS = 10.0
BACKLOG = 100_000
MOST_COMMITS = 200
"""A second. What is more an order's worth is told together, as shops do."""
_CHUNK = 1_000
_POLL_SECONDS = 0.002
_PATIENCE_SECONDS = 300.0
_OFFSETS = "SELECT partition, position FROM event_offset WHERE consumer = %s"
_TOLD = "SELECT correlation_id, partition, position FROM event_log WHERE correlation_id LIKE %s"
_TABLES = """
DROP TABLE IF EXISTS bench_outbox, bench_log;
CREATE TABLE bench_outbox (id bigint PRIMARY KEY, body jsonb);
CREATE TABLE bench_log (position bigserial, id bigint, body jsonb);
INSERT INTO bench_outbox
    SELECT n, '{"skuId": "018cc251-f400-7820-a557-180dfec48582", "available": 20}'
    FROM generate_series(1, %s) n;
"""
_MOVE = """
WITH moved AS (DELETE FROM bench_outbox
    WHERE id IN (SELECT id FROM bench_outbox ORDER BY id LIMIT 1000) RETURNING *)
INSERT INTO bench_log (id, body) SELECT * FROM moved ORDER BY id
"""


@dataclass(slots=True)
class Watched:
    """How far the consumer was when, by log partition: positions and moments, both rising."""

    positions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    moments: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def reached(self, partition: int, position: int) -> float | None:
        """When it was first seen there."""
        place = bisect_left(self.positions[partition], position)
        moments = self.moments[partition]
        return moments[place] if place < len(moments) else None


def lag_rows(*, seconds: float = LAG_SECONDS) -> Iterator[Row]:
    """From the commit of a change of stock to the commit of the storefront that shows it."""
    facts = _true_facts()
    for rate in RATES:
        lags, achieved = _lags(facts, rate, seconds)
        cuts = statistics.quantiles(lags, n=20)
        yield Row(
            name=f"event lag {rate:,}/s",
            clients=1,
            p50Ms=rounded(cuts[9], 1),
            p95Ms=rounded(cuts[18], 1),
            perSecond=rounded(achieved, 1),
        )


def drain_row(*, backlog: int = BACKLOG) -> Row:
    """So many events committed at once, until every consumer has taken the last; beside SQL that moves rows."""
    facts = _true_facts()
    _await_quiet()
    with transaction.atomic():
        for start in range(0, backlog, _CHUNK):
            numbers = range(start, min(start + _CHUNK, backlog))
            publish_many([facts[number % len(facts)] for number in numbers])
    started = time.perf_counter()
    _await_quiet()
    rate = backlog / (time.perf_counter() - started)
    floor = _moved_by_sql(backlog)
    return Row(
        name="event drain",
        clients=1,
        perSecond=rounded(rate, 1),
        floor="the same rows moved by SQL",
        floorPerSecond=rounded(floor, 1),
        ratio=over(floor, rate),
    )


def _lags(
    facts: Sequence[AvailableUpdated], rate: int, seconds: float
) -> tuple[list[float], float]:
    """(lags in ms, events a second that were really told)."""
    _await_quiet()
    name = f"bench-{time.time_ns()}-"
    stop = threading.Event()
    watched = Watched()
    watcher = threading.Thread(target=_watch, args=(watched, stop))
    watcher.start()
    committed, achieved = _tell(facts, rate, seconds, name)
    _await_quiet()
    time.sleep(0.1)
    stop.set()
    watcher.join()
    return list(_between(name, committed, watched)), achieved


def _tell(
    facts: Sequence[AvailableUpdated], rate: int, seconds: float, name: str
) -> tuple[list[float], float]:
    """The moment of each commit. They keep to a timetable: who is late does not wait for the next."""
    together = max(1, rate // MOST_COMMITS)
    commits = int(rate * seconds) // together
    committed = []
    started = time.perf_counter()
    for number in range(commits):
        time.sleep(max(0.0, started + number * together / rate - time.perf_counter()))
        first = number * together
        with context.bind(correlation_id=f"{name}{number}"), transaction.atomic():
            publish_many([facts[(first + more) % len(facts)] for more in range(together)])
        committed.append(time.perf_counter())
    return committed, commits * together / (time.perf_counter() - started)


def _watch(watched: Watched, stop: threading.Event) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        while not stop.is_set():
            found = database.execute(_OFFSETS, [CONSUMER]).fetchall()
            moment = time.perf_counter()
            for partition, position in found:
                seen = watched.positions[partition]
                if not seen or seen[-1] < position:
                    seen.append(position)
                    watched.moments[partition].append(moment)
            time.sleep(_POLL_SECONDS)


def _between(name: str, committed: Sequence[float], watched: Watched) -> Iterator[float]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [f"{name}%"])
        for correlation_id, partition, position in cursor.fetchall():
            moment = watched.reached(partition, position)
            if moment is None:
                raise RuntimeError(f"the event at {position} was never handled")
            number = int(correlation_id.removeprefix(name))
            yield max(0.0, moment - committed[number]) * 1000


def _true_facts() -> list[AvailableUpdated]:
    """What is true of the stock already: telling it again changes nothing but costs as much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sku_id, available FROM search_stock ORDER BY sku_id LIMIT 10000")
        return [
            AvailableUpdated(sku_id=UUID(str(sku_id)), available=available)
            for sku_id, available in cursor.fetchall()
        ]


def _await_quiet() -> None:
    """Until nothing waits in the outbox and every consumer has read all that it wants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM event_consumer")
        names = [name for (name,) in cursor.fetchall()]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _outbox_holds() or pending(names, now=clock.now()):
        if time.monotonic() > deadline:
            raise RuntimeError("the workers do not get through their events")
        time.sleep(0.01)


def _outbox_holds() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM outbox)")
        (holds,) = cursor.fetchone()
    return bool(holds)


def _moved_by_sql(rows: int) -> float:
    """A second, by batches of a thousand, each of them a commit."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(_TABLES.replace("%s", str(rows)).encode())
        database.execute("VACUUM ANALYZE bench_outbox")
        started = time.perf_counter()
        while database.execute(_MOVE).rowcount:
            pass
        return rows / (time.perf_counter() - started)
