"""The database has nothing left to give: no connection, no room on its disk."""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from launcher.places import server_folder
from proving.disks import why_not, with_disk
from proving.experiment import Report, experiment
from proving.experiments.databases import AMPLE, LEASES_SECONDS, orders_stand, take_up, unguarded
from proving.lab import DATABASE, Lab
from proving.shop import LiveShop, wait_until
from proving.shopping import Crowd, Visitor, shopping

SLOTS, HANG_SECONDS, LOOKS = 24, 2.0, 20
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop'"


@contextmanager
def _no_slot_left(lab: Lab) -> Iterator[None]:
    """Others hold every connection that the database has to give, those of the shop too."""
    with contextlib.ExitStack() as held, psycopg.connect(lab.postgres.url) as first:
        deadline = time.monotonic() + 20
        lab.database.cut()
        while True:
            assert time.monotonic() < deadline, "the database gives and gives"
            try:
                held.enter_context(psycopg.connect(lab.postgres.url))
            except psycopg.OperationalError:
                if first.execute(_OTHERS).fetchone() == (0,):
                    break
        yield


def _crowded_out(shop: LiveShop, lab: Lab, report: Report, times: int) -> None:
    goods = shop.seed("goods", AMPLE)
    shop.forget_seeder()
    met, after = Crowd(), Crowd()
    for _ in report.rounds(times):
        with _no_slot_left(lab):
            _look(shop.urls[0], goods, met)
        _look(shop.urls[0], goods, after)
    longest = max(one.seconds for one in met.met)
    report.note(without_connections=met.statuses(), longest_wait=f"{longest:.2f} s")
    rude = Counter(one.status for one in met.met if one.status != 503 or not one.retry_after)
    report.expect("answers without connections besides 503 with Retry-After", rude, Counter())
    report.expect_at_most("seconds until an answer without connections", longest, HANG_SECONDS)
    report.expect("errors once there are connections again", len(after.broken()), 0)


def _look(url: str, goods: dict[str, str], crowd: Crowd) -> None:
    """Ask for a page, and for a cart, by several at once."""
    visitors = [Visitor(url=url, crowd=crowd) for _ in range(LOOKS)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: one.request("GET", f"/products/{goods['productId']}"), visitors))
        list(pool.map(lambda one: one.request("POST", "/carts", {}), visitors))


BUYERS, ROOM_MEGABYTES, SOLD_MEGABYTES = 4, 12, 6
"""Free on the disk at first, and what sales may take of it each time."""
FULL_SECONDS, FREE_SECONDS, WORKERS_BACK_SECONDS = 2.0, 0.5, 30.0
_BALLAST = (
    "CREATE TABLE proving_ballast (filler text STORAGE PLAIN) WITH (autovacuum_enabled = false)"
)
_MORE = "INSERT INTO proving_ballast SELECT repeat('x', 7900) FROM generate_series(1, %s)"
_PAGES = (64, 1)
_DAMAGED = """
    SELECT c.relname, v.msg FROM pg_class c, verify_heapam(c.oid::regclass) v
    WHERE c.relkind IN ('r', 't') AND c.relpersistence = 'p'"""
_INDEXES = """
    WITH trees AS MATERIALIZED (
        SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam
        WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p')
    SELECT count(*), count(bt_index_check(oid::regclass, true)) FROM trees"""
"""Raises at the first row that an index lacks, or has in the wrong place."""


def _move_to_small_disk(lab: Lab, disk: Path) -> None:
    """The shop's tables live on the disk from now on; the log does not."""
    with psycopg.connect(
        lab.postgres.url.removesuffix(DATABASE) + "postgres", autocommit=True
    ) as admin:
        admin.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
        admin.execute(f"ALTER DATABASE {DATABASE} SET TABLESPACE small".encode())


@contextmanager
def _disk_full(lab: Lab) -> Iterator[None]:
    """Something else has taken the last page of the disk."""
    with psycopg.connect(lab.postgres.url, autocommit=True) as connection:
        connection.execute(_BALLAST)
        try:
            for pages in _PAGES:
                with contextlib.suppress(psycopg.errors.DiskFull):
                    while True:
                        connection.execute(_MORE, [pages])
            yield
        finally:
            connection.execute("DROP TABLE proving_ballast")


def _out_of_room(shop: LiveShop, lab: Lab, report: Report, times: int, patience: float) -> None:
    goods = shop.seed("goods", AMPLE)
    shop.start_worker()
    shop.await_worker()
    with shopping(shop.urls, goods, buyers=BUYERS, patience=patience) as crowd:
        time.sleep(FREE_SECONDS)
        for _ in report.rounds(times):
            with _disk_full(lab):
                time.sleep(FULL_SECONDS)
            freed = time.monotonic()
            time.sleep(HANG_SECONDS)
            late = [one.status for one in crowd.broken(after=freed + FREE_SECONDS)]
            report.expect("errors once there is room again", late, [])
        take_up(shop)
    longest = max(one.seconds for one in crowd.met)
    rude = Counter(o.status for o in crowd.broken() if o.status != 503 or not o.retry_after)
    report.note(without_room=crowd.statuses(), longest_wait_there=f"{longest:.2f} s")
    report.expect("the full disk was felt", bool(crowd.broken()), True)
    report.expect("answers without room besides 503 with Retry-After", rude, Counter())
    report.expect_at_most("seconds until an answer without room", longest, HANG_SECONDS)
    wait_until(
        lambda: shop.one("SELECT count(*) FROM outbox") == 0,
        seconds=WORKERS_BACK_SECONDS,
        what="a worker's return to work",
    )
    shop.kill_worker()
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)
    _expect_no_damage(shop, report)


def _expect_no_damage(shop: LiveShop, report: Report) -> None:
    """Every page of every table, and every entry of every index, is what it should be."""
    shop.execute("CREATE EXTENSION amcheck")
    report.expect("damaged rows", shop.rows(_DAMAGED), [])
    try:
        report.note(indexes_checked=shop.rows(_INDEXES)[0][0])
    except psycopg.errors.IndexCorrupted as error:
        report.expect("damaged indexes", str(error), "none")


def _exhausted(lab: Lab, report: Report, times: int, **guard: str) -> None:
    shop, disk = lab.shop, server_folder(lab.folder / "disk")
    reason = why_not(disk)
    size = shop.one("SELECT pg_database_size(current_database())") // 1_000_000
    lab.postgres.stop()
    lab.restart_postgres(
        f"max_connections={SLOTS}",
        "superuser_reserved_connections=0",
        within=() if reason else with_disk(disk, size + ROOM_MEGABYTES + times * SOLD_MEGABYTES),
    )
    if not reason:
        _move_to_small_disk(lab, disk)
    shop.start_web(**guard)
    _crowded_out(shop, lab, report, times)
    if reason:
        report.skip(f"the full disk: {reason}")
        report.expect_clean(lab.at_rest())
    else:
        _out_of_room(shop, lab, report, times, patience=2.0 if guard else LEASES_SECONDS)


def _exhausted_unguarded(lab: Lab, report: Report, times: int) -> None:
    _exhausted(lab, report, times, **unguarded("refusal"))


@experiment(
    18,
    "503 with Retry-After within 2 s, nothing damaged; it recovers by itself, without a restart",
    control=_exhausted_unguarded,
    guard="the answer for a database that cannot now",
    short=2,
    long=20,
)
def exhausted(lab: Lab, report: Report, times: int) -> None:
    """Others take every connection of the database; then its disk runs full while people buy."""
    _exhausted(lab, report, times)
