"""A whole shop of real processes on a database of its own, to be talked to over HTTP."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg

from launcher.processes import free_port, spawn, stop, tail
from proving.books import Totals
from sandbox.process import SECRET, SandboxServer

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
_TIME_PASSES = (
    "UPDATE checkout_saga SET lease_until = now() - interval '1 second', next_attempt_at = now()"
    " WHERE state IN ('RUNNING', 'COMPENSATING')",
    "UPDATE payments_reversal SET next_try_at = now() WHERE state = 'pending'",
    "UPDATE http_idempotency_key SET lease_until = now() - interval '1 second' WHERE status IS NULL",
)
_WORK_LEFT = """
    SELECT (SELECT count(*) FROM checkout_saga WHERE state IN ('RUNNING', 'COMPENSATING'))
         + (SELECT count(*) FROM payments_reversal WHERE state = 'pending')
"""


class LiveShop:
    """Web servers, workers and the sandbox; each can be killed on its own."""

    def __init__(self, folder: Path, *, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.sandbox = SandboxServer(folder / "sandbox")
        self.webs: list[subprocess.Popen[bytes]] = []
        self.urls: list[str] = []
        self.worker: subprocess.Popen[bytes] | None = None
        self._worker_log_starts = 0
        self._seeder: subprocess.Popen[str] | None = None
        self.seed_environment: dict[str, str] = {}
        """What the seeds see otherwise than the shop: its servers, not the proxies before them."""
        self.environment = {
            **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "CELERY_BROKER_URL": redis_url,
            "SANDBOX_URL": self.sandbox.url,
            "PAYMENT_WEBHOOK_SECRET": SECRET,
            "MEDIA_ROOT": str(folder / "media"),
            "RATE_LIMIT_SCALE": "1000000",
            "PYTHONPATH": str(ROOT),
        }

    def start_web(self, count: int = 1, /, **extra: str) -> None:
        """Start web servers, each a process of its own on a port of its own."""
        first = len(self.webs)
        for _ in range(count):
            port = free_port()
            self.webs.append(self._spawn(f"web-{len(self.webs)}", self._web_command(port), extra))
            self.urls.append(f"http://127.0.0.1:{port}")
        for number in range(first, len(self.webs)):
            self._await_web(number)
        if first == 0:
            webhooks = f"{self.urls[0]}/api/v1/payments/webhooks/sandbox"
            self.sandbox.call_back(webhooks, tracking_seconds=0)

    def start_worker(self, *, pool: str = "", **extra: str) -> None:
        """Start one Celery worker with beat inside it. Where nothing else is asked for it forks, as in earnest."""
        schedule, log = self.folder / "beat-schedule", self.folder / "worker.log"
        self._worker_log_starts = log.stat().st_size if log.exists() else 0
        command = [
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "shop,jobs"),
            *("-B", "-s", str(schedule), "-c", "1", "-P", pool or ("solo" if extra else "prefork")),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        self.worker = self._spawn("worker", command, extra)

    def stop_worker(self) -> None:
        if self.worker is not None:
            stop(self.worker, seconds=10)
            self.worker = None

    def await_worker(self) -> None:
        """Until the worker that was started last has loaded the shop and takes up work."""
        wait_until(
            lambda: b" ready." in self._worker_wrote(), seconds=START_SECONDS, what="a worker"
        )

    def deaths_in_worker(self) -> int:
        """How many processes of its pool were killed since it was started; it forked another for each."""
        return self._worker_wrote().count(b"signal 9 (SIGKILL)")

    def _worker_wrote(self) -> bytes:
        return (self.folder / "worker.log").read_bytes()[self._worker_log_starts :]

    def kill_worker(self) -> None:
        """As a power cut: the worker, its pool and its beat."""
        assert self.worker is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.worker = None

    def drop_webs(self, first: int = 0) -> None:
        """Stop the web servers from that one on."""
        for web in self.webs[first:]:
            stop(web, seconds=5)
        del self.webs[first:], self.urls[first:]

    def stop(self) -> None:
        self.drop_webs()
        self.stop_worker()
        self.forget_seeder()
        self.sandbox.stop()

    def restart_web(self, number: int, *, seconds: float = 30) -> bool:
        """Stop one in the orderly way and start it again on its port; whether it went by itself."""
        port = self.urls[number].rsplit(":", 1)[1]
        went = stop(self.webs[number], seconds=seconds)
        self.webs[number] = self._spawn(f"web-{number}", self._web_command(int(port)), {})
        self._await_web(number)
        return went

    def kill_web(self, number: int) -> None:
        """As a power cut: the server, its worker process and all their threads."""
        os.killpg(self.webs[number].pid, signal.SIGKILL)
        self.webs[number].wait()

    def manage(self, *arguments: str, check: bool = True, **extra: str) -> str:
        """Run a management command of this shop; its output."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def seed(self, *arguments: str) -> Any:
        """Run a function of proving/seed.py inside this shop; what it returns.

        One process serves them all: starting Django anew would cost seconds each time.
        """
        if self._seeder is None:
            self._seeder = subprocess.Popen(
                [sys.executable, "-m", "proving.seed", "--serve"],
                cwd=ROOT,
                env={**self.environment, **self.seed_environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=(self.folder / "seed.log").open("ab"),
                text=True,
            )
        assert self._seeder.stdin is not None
        assert self._seeder.stdout is not None
        self._seeder.stdin.write(json.dumps(arguments) + "\n")
        self._seeder.stdin.flush()
        told = self._seeder.stdout.readline()
        assert told, tail(self.folder / "seed.log", 40)
        return json.loads(told)

    def forget_seeder(self) -> None:
        """End the process that serves the seeds: its connections are gone. The next seed starts another."""
        if self._seeder is not None:
            self._seeder.kill()
            self._seeder.wait()
            self._seeder = None

    def try_seed(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """The same in a process of its own, whatever becomes of it."""
        return subprocess.run(
            [sys.executable, "-m", "proving.seed", *arguments],
            cwd=ROOT,
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(sql.encode(), parameters or None).fetchall()

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The single value of a query."""
        return self.rows(sql, parameters)[0][0]

    def totals(self) -> Totals:
        """What the gateway did, by its own books."""
        found: Totals = self.sandbox.get("/gateway/v1/totals")
        return found

    def execute(self, sql: str) -> None:
        """Change the database behind the shop's back: for negative controls."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def leases_run_out(self) -> None:
        """As if the time had passed that a dead driver's work waits for another."""
        for change in _TIME_PASSES:
            self.execute(change)

    def settle(self, seconds: float = 90) -> None:
        """What workers do, over and over, until there is nothing left to do; dead drivers' leases run out."""

        def settled() -> bool:
            self.leases_run_out()
            return bool(self.seed("settled")["quiet"]) and self.one(_WORK_LEFT) == 0

        wait_until(settled, seconds=seconds, what="the end of all purchases and events")

    def _web_command(self, port: int) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"),
            *("--blocking-threads", "8", "--backlog", "1024", "--no-ws", "--host", "127.0.0.1"),
            *("--workers-kill-timeout", "25s"),
            *("--port", str(port), "--log-level", "warning", "config.wsgi:application"),
        ]

    def _spawn(
        self, name: str, command: list[str], extra: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return spawn(
                command, log=log.fileno(), env={**self.environment, **extra}, cwd=ROOT,
                death_signal=signal.SIGKILL,
            )  # fmt: skip

    def _await_web(self, number: int) -> None:
        def answers() -> bool:
            assert self.webs[number].poll() is None, tail(self.folder / f"web-{number}.log", 30)
            try:
                return httpx.get(f"{self.urls[number]}/health/live", timeout=2).is_success
            except httpx.HTTPError:
                return False

        wait_until(answers, seconds=START_SECONDS, what=f"web server {number}")


def wait_until(condition: Callable[[], object], *, seconds: float = 30.0, what: str = "it") -> None:
    """Look until it holds; fail by name where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about in {seconds:.0f} s"
        time.sleep(0.05)
