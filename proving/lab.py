"""A shop for one experiment: servers of its own, each reached through a proxy that can be cut."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from launcher.postgres import RunningPostgres, start_postgres
from launcher.processes import stop, tail
from launcher.valkey import start_valkey
from proving.books import UNFINISHED, findings, wrong_rows
from proving.proxy import Proxy, address_of, through
from proving.shop import ROOT, LiveShop, wait_until

DATABASE = "shop"


class Lab:
    """A whole shop, its database, cache and gateway behind proxies, and ways to do it harm."""

    def __init__(self, folder: Path, template: Path) -> None:
        folder.mkdir(parents=True, mode=0o711, exist_ok=True)
        subprocess.run(["cp", "-a", str(template / "postgres"), str(folder)], check=True)
        self.folder = folder
        self.postgres = self._start_postgres(None)
        self.valkey = start_valkey(folder / "valkey", durable=False, log=folder / "valkey.log")
        self.database = Proxy(address_of(self.postgres.url))
        self.cache = Proxy(address_of(self.valkey.url))
        self.shop = LiveShop(
            folder,
            database_url=through(self.database, self.postgres.url),
            redis_url=through(self.cache, self.valkey.url),
        )
        # The auditor and the seeds go straight to the servers: they are not part of the experiment.
        self.shop.database_url = self.postgres.url
        self.shop.seed_environment = {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "CELERY_BROKER_URL": self.valkey.url,
        }
        self.gateway = Proxy(address_of(self.shop.sandbox.url))
        self.shop.environment["SANDBOX_URL"] = f"http://127.0.0.1:{self.gateway.port}"

    def close(self) -> None:
        """Stop everything and remove what it left on the disk."""
        if self.shop.worker is not None:
            self.shop.kill_worker()  # an orderly farewell takes it ten seconds
        self.shop.stop()
        for proxy in (self.database, self.cache, self.gateway):
            proxy.close()
        for server in (self.postgres, self.valkey):
            stop(server.process, seconds=2, first=signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_postgres(self) -> None:
        """SIGKILL the postmaster and all that it started, as a power cut would."""
        postmaster = self.postgres.process.pid
        # Held still, so that it starts nothing between the look at its children and their end.
        os.kill(postmaster, signal.SIGSTOP)
        for process in (postmaster, *_children(postmaster)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.postgres.process.wait()
        self.database.cut()

    def restart_postgres(self, *also: str, within: Sequence[str] = ()) -> None:
        """Up again with the same data on the same port, and these settings; it recovers from its log first."""
        port = int(urlsplit(self.postgres.url).port or 0)
        self.postgres = self._start_postgres(port, *also, within=within)

    def empty_cache(self) -> None:
        """As a restart would: no keys, and none of the scripts that it was told."""
        valkey = redis.Redis.from_url(self.valkey.url)
        valkey.flushall()
        valkey.script_flush()

    def at_rest(self, seconds: float = 90) -> dict[str, list[object]]:
        """Let the shop come to rest by its own means, then audit it: everything that is wrong.

        It has these seconds, and one more for each hundred events that nobody has carried on.
        """
        backlog = self.shop.one("SELECT count(*) FROM outbox") / 100
        try:
            self.shop.settle(seconds=seconds + backlog)
        except AssertionError as error:
            return {str(error): [()], **wrong_rows(self.shop.rows, UNFINISHED)}
        return {**wrong_rows(self.shop.rows, UNFINISHED), **findings(self.shop)}

    def _start_postgres(
        self, port: int | None, *also: str, within: Sequence[str] = ()
    ) -> RunningPostgres:
        return start_postgres(
            self.folder / "postgres",
            durable=True,
            log=self.folder / "postgres.log",
            port=port,
            database=DATABASE,
            also=also,
            within=within,
        )


@contextmanager
def template_of(folder: Path) -> Iterator[Path]:
    """A migrated database to copy from, made once for all experiments."""
    folder.mkdir(parents=True, mode=0o711, exist_ok=True)
    postgres = start_postgres(
        folder / "postgres", durable=False, log=folder / "postgres.log", database=DATABASE
    )
    try:
        _migrate(postgres, folder)
    finally:
        postgres.stop()
    yield folder


def _migrate(postgres: RunningPostgres, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"migrations failed:\n{done.stderr}\n{tail(folder / 'postgres.log')}")


def _children(parent: int) -> list[int]:
    """The processes of a server: each leads a group of its own, so none dies with its parent's."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in found]


def wait_for_database(lab: Lab, seconds: float = 30) -> float:
    """Until it takes connections again; how long that took."""
    started = time.monotonic()

    def answers() -> bool:
        try:
            psycopg.connect(lab.postgres.url, connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(answers, seconds=seconds, what="the database's return")
    return time.monotonic() - started
