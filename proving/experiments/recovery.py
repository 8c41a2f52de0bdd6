"""The database server is lost for good: a standby takes over, or a backup is put back."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from launcher.places import server_folder
from launcher.postgres import RunningPostgres
from proving.books import WRONG, wrong_rows
from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.proxy import Proxy, address_of
from proving.replicas import ask, copy_of, open_for_writing, start_copy
from proving.shop import wait_until

BUYERS = 3
BACK_SECONDS = 30.0


class Sales:
    """What buyers were told: the checkout and the moment of each "yes"."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def before(self, moment: float) -> list[str]:
        return [checkout for checkout, when in self.told if when < moment]

    def after(self, moment: float) -> list[float]:
        return [when for _, when in self.told if when > moment]


@contextmanager
def _buying(lab: Lab, sku: str) -> Iterator[Sales]:
    sales, over = Sales(), threading.Event()

    def buy() -> None:
        while not over.is_set():
            try:
                buyer = Buyer(url=lab.shop.urls[0])
                buyer.start(sku)
                if buyer.confirm().status_code == 200:
                    sales.told.append((buyer.checkout_id, time.time()))
            except (httpx.HTTPError, AssertionError):
                time.sleep(0.1)

    threads = [threading.Thread(target=buy) for _ in range(BUYERS)]
    for thread in threads:
        thread.start()
    try:
        yield sales
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _missing(lab: Lab, checkouts: list[str]) -> int:
    """How many of the purchases that buyers were told of are not there, or not paid."""
    found = lab.shop.rows(
        "SELECT checkout_id::text FROM orders_order WHERE status IN ('PAID', 'FULFILLED', 'COMPLETED')"
    )
    return len(set(checkouts) - {checkout for (checkout,) in found})


def _switch_to(lab: Lab, server: RunningPostgres) -> None:
    """The shop's connections go to another server from now on."""
    lab.postgres = server
    lab.shop.database_url = server.url
    lab.shop.seed_environment["DATABASE_URL"] = server.url
    lab.shop.forget_seeder()
    lab.database.targets = [address_of(server.url)]
    lab.database.cut()


def _fail_over(lab: Lab, report: Report, seconds: float, *, synchronous: bool) -> None:
    lab.shop.start_web()
    goods = lab.shop.seed("goods", "100000")
    link = Proxy(address_of(lab.postgres.url))
    standby = start_copy(copy_of(lab.postgres, lab.folder / "standby", link=link), lab.postgres)
    if synchronous:
        ask(lab.postgres, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        ask(lab.postgres, "SELECT pg_reload_conf()")
        wait_until(
            lambda: ask(lab.postgres, "SELECT sync_state FROM pg_stat_replication") == [("sync",)],
            seconds=20,
            what="a synchronous standby",
        )
    with _buying(lab, goods["skuId"]) as sales:
        time.sleep(seconds)
        link.hanging = True  # the network between the two goes first
        time.sleep(2)
        os.killpg(lab.postgres.process.pid, signal.SIGKILL)
        lost = time.time()
        link.close()
        ask(standby, "SELECT pg_promote(wait => false)")
        open_for_writing(standby)
        _switch_to(lab, standby)
        wait_until(lambda: bool(sales.after(lost)), seconds=60, what="the next sale")
        back = min(sales.after(lost)) - lost
    missing = _missing(lab, [checkout for checkout, _ in sales.told])
    report.note(sold=len(sales.told), lost=missing, selling_again=f"after {back:.1f} s")
    report.expect("acknowledged orders that are lost", missing, 0)
    report.expect_at_most("seconds until the next sale", back, BACK_SECONDS)
    report.expect_clean(lab.at_rest())


def _asynchronous(lab: Lab, report: Report, seconds: int) -> None:
    _fail_over(lab, report, seconds, synchronous=False)


@experiment(
    6,
    "no acknowledged order is lost; selling again within 30 s",
    control=_asynchronous,
    guard="synchronous replication, with a network that fails first",
    short=3,
    long=60,
)
def fail_over(lab: Lab, report: Report, seconds: int) -> None:
    """The network to the standby fails, then the database; the standby is promoted while people buy."""
    _fail_over(lab, report, seconds, synchronous=True)


def _archive_into(lab: Lab, folder: Path) -> None:
    """Have the server hand on every finished piece of its log."""
    ask(lab.postgres, "ALTER SYSTEM SET archive_mode = on")
    ask(lab.postgres, f"ALTER SYSTEM SET archive_command = 'cp %p {folder}/%f'")
    lab.postgres.stop()
    lab.restart_postgres()
    lab.database.cut()


def _restore(lab: Lab, report: Report, seconds: int, *, with_log: bool) -> None:
    archive = server_folder(lab.folder / "archive")
    _archive_into(lab, archive)
    lab.shop.start_web()
    goods = lab.shop.seed("goods", "100000")
    backup = copy_of(lab.postgres, lab.folder / "backup")
    with _buying(lab, goods["skuId"]) as sales:
        time.sleep(seconds * random.uniform(0.4, 0.8))
        target = time.time()
        time.sleep(seconds * 0.3)
    ((finished,),) = ask(lab.postgres, "SELECT pg_walfile_name(pg_switch_wal())")
    wait_until(lambda: (archive / str(finished)).exists(), seconds=20, what="the archive")
    lab.kill_postgres()
    started = time.monotonic()
    if with_log:
        _aim(backup, archive, target)
    restored = start_copy(backup, lab.postgres)
    open_for_writing(restored)
    took = time.monotonic() - started
    _switch_to(lab, restored)
    wanted = sales.before(target)
    missing = _missing(lab, wanted)
    report.note(sold_before=len(wanted), lost=missing, restored_in=f"{took:.1f} s")
    report.expect("orders before the moment that are lost", missing, 0)
    report.expect("there was something to lose", bool(wanted), True)
    report.expect_clean(wrong_rows(lab.shop.rows, WRONG))


def _aim(backup: Path, archive: Path, target: float) -> None:
    """Recover up to that moment, then open."""
    moment = datetime.fromtimestamp(target, UTC).isoformat()
    cluster = backup / "cluster"
    with (cluster / "postgresql.auto.conf").open("a") as file:
        file.write(
            f"restore_command = 'cp {archive}/%f %p'\n"
            f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n"
            "archive_mode = off\n"
        )
    signal_file = cluster / "recovery.signal"
    signal_file.touch()
    owner = cluster.stat()
    os.chown(signal_file, owner.st_uid, owner.st_gid)


def _without_log(lab: Lab, report: Report, seconds: int) -> None:
    _restore(lab, report, seconds, with_log=False)


@experiment(
    32,
    "every order up to that moment is there, the audit is clean",
    control=_without_log,
    guard="the archived log",
    short=5,
    long=60,
)
def restore_drill(lab: Lab, report: Report, seconds: int) -> None:
    """A backup and its log are put back to a random second."""
    _restore(lab, report, seconds, with_log=True)
