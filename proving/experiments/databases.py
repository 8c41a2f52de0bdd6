"""The database fails while people buy."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.shop import LiveShop, wait_until
from proving.shopping import Crowd, Met, shopping

BUYERS = 8
AMPLE = "1000000"

_TOLD = "SELECT checkout_id::text, count(*) FROM orders_order WHERE status <> 'CANCELED' GROUP BY 1"


def unguarded(guard: str) -> dict[str, str]:
    """The settings of a shop without that guard."""
    return {"DJANGO_SETTINGS_MODULE": "proving.unguarded", "SHOP_WITHOUT": guard}


def orders_stand(shop: LiveShop, report: Report, crowd: Crowd) -> None:
    """Whoever was told yes has one order; nobody has two."""
    orders = dict(shop.rows(_TOLD))
    told = {checkout for checkout, _ in crowd.told}
    report.note(told_yes=len(told), lost=len(told - set(orders)))
    report.expect("orders that buyers were told of and that are lost", len(told - set(orders)), 0)
    report.expect("purchases with two orders", [c for c, times in orders.items() if times > 1], [])
    report.expect("purchases that were given up", crowd.left, 0)


KILLED_WITH_BUYERS, BACK_SECONDS = 16, 5.0
LEASES_SECONDS = 90.0
"""More than what a dead server took the lease of a key or a purchase for."""


def _killed(lab: Lab, report: Report, kills: int, *, patience: float = LEASES_SECONDS) -> None:
    shop, waits = lab.shop, []
    shop.start_web()
    goods = shop.seed("goods", AMPLE)
    shop.execute("CHECKPOINT")
    with shopping(shop.urls, goods, buyers=KILLED_WITH_BUYERS, patience=patience) as crowd:
        for _ in report.rounds(kills):
            time.sleep(random.uniform(2, 3))
            waits.append(_power_cut(lab, crowd))
            take_up(shop)
    report.note(kills=kills, buyers=KILLED_WITH_BUYERS, first_2xx=f"after {max(waits):.1f} s")
    report.expect_at_most("seconds until the first 2xx", max(waits), BACK_SECONDS)
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)


def _power_cut(lab: Lab, crowd: Crowd) -> float:
    """Kill the database and start it again; how long buyers wait from then on for the first good answer."""
    lab.kill_postgres()
    killed = time.monotonic()
    lab.shop.forget_seeder()
    time.sleep(0.5)
    lab.restart_postgres()
    accepts = time.monotonic()

    def answered() -> list[float]:
        return [one.moment for one in crowd.met if 200 <= one.status < 300 and one.moment > killed]

    wait_until(answered, seconds=60, what="an answer")
    return max(0.0, min(answered()) - accepts)


def take_up(shop: LiveShop) -> None:
    """Time passes, and a worker takes up the purchases whose drivers lost their database."""
    time.sleep(1)
    shop.leases_run_out()
    shop.seed("resumed")
    time.sleep(1)


def _killed_unguarded(lab: Lab, report: Report, kills: int) -> None:
    for setting in (
        "synchronous_commit = off",
        "wal_writer_delay = '10s'",
        "wal_writer_flush_after = '1GB'",
    ):
        lab.shop.execute(f"ALTER SYSTEM SET {setting}")
    lab.shop.execute("SELECT pg_reload_conf()")
    _killed(lab, report, kills, patience=3)


@experiment(
    5,
    "every yes stays true, no half order, the first 2xx within 5 s, one order a key",
    control=_killed_unguarded,
    guard="the wait for the log at a commit",
    short=1,
    long=20,
)
def killed_database(lab: Lab, report: Report, kills: int) -> None:
    """The database is killed while 16 buyers buy."""
    _killed(lab, report, kills)


@contextmanager
def _terminating(shop: LiveShop, every: float) -> Iterator[list[int]]:
    """A random backend of the shop is sent away again and again; which ones."""
    killed: list[int] = []
    over = threading.Event()
    kill = """
        SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND datname = current_database() ORDER BY random() LIMIT 1"""

    def terminate() -> None:
        with psycopg.connect(shop.database_url, autocommit=True) as connection:
            while not over.wait(every):
                killed.extend(pid for pid, _ in connection.execute(kill).fetchall())

    thread = threading.Thread(target=terminate)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


ERROR_RATE, TERMINATE_SECONDS, STALE_SECONDS = 0.01, 0.2, 1.0
ROUND_SECONDS = 5


def _terminated(lab: Lab, report: Report, seconds: int, **guard: str) -> None:
    shop, gone, stale = lab.shop, 0, list[Met]()
    shop.start_web(**guard)
    goods = shop.seed("goods", AMPLE)
    shop.forget_seeder()
    patience = 2.0 if guard else 30.0
    with shopping(shop.urls, goods, buyers=BUYERS, patience=patience) as crowd:
        for _ in report.rounds(seconds // ROUND_SECONDS):
            with _terminating(shop, TERMINATE_SECONDS) as killed:
                time.sleep(ROUND_SECONDS)
            ended = time.monotonic()
            time.sleep(STALE_SECONDS)
            take_up(shop)
            shop.forget_seeder()
            gone += len(killed)
            stale += crowd.broken(after=ended + STALE_SECONDS)
    broken = crowd.broken()
    rude = [one for one in broken if one.status != 503 or not one.retry_after]
    rate = len(broken) / len(crowd.met)
    report.note(backends=gone, requests=len(crowd.met), errors=f"{rate:.2%}")
    report.expect_at_most("share of errors", rate, ERROR_RATE)
    report.expect("errors besides 503 with Retry-After", [one.status for one in rude], [])
    report.expect("errors after it was over", [one.status for one in stale], [])
    rest = lab.at_rest()
    orders_stand(shop, report, crowd)
    report.expect_clean(rest)


def _terminated_unguarded(lab: Lab, report: Report, seconds: int) -> None:
    _terminated(lab, report, seconds, **unguarded("reconnection"))


@experiment(
    7,
    "at most 1 % errors, each a 503 with Retry-After; none a second later",
    control=_terminated_unguarded,
    guard="the look at idle connections, and repeats over another",
    short=5,
    long=60,
)
def terminated(lab: Lab, report: Report, seconds: int) -> None:
    """The database sends a random connection away five times a second."""
    _terminated(lab, report, seconds)
