"""Brings the shop up, step by step, and takes it down again."""

import contextlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import httpx

from launcher.datadir import DataDir
from launcher.options import DEFAULT_PORT, Options
from launcher.postgres import start_postgres
from launcher.processes import LaunchError, free_port, spawn, stop, tail
from launcher.screen import say, step
from launcher.supervisor import Service, Supervisor, how_it_ended
from launcher.valkey import start_valkey
from launcher.web import GRACE_SECONDS, web_command

REPOSITORY = Path(__file__).resolve().parent.parent
READY_SECONDS = 120.0
LEFT_TO_OPERATORS = ("events", "dead_letters")
LONG_STATEMENTS = {"DATABASE_STATEMENT_TIMEOUT_MS": "0"}


class Shop:
    """The processes of one shop and the environment that they share."""

    def __init__(self, options: Options, data: DataDir, supervisor: Supervisor) -> None:
        self.options = options
        self.data = data
        self.supervisor = supervisor
        self.port = _web_port(options)
        self.url = f"http://{_reachable(options.host)}:{self.port}"
        self.environment = self._first_environment()

    def bring_up(self) -> None:
        """From nothing to ready; raises LaunchError with what went wrong."""
        self._start_database()
        self._start_cache()
        self.environment["SANDBOX_URL"] = f"http://127.0.0.1:{self.data.port_of('sandbox')}"
        self.environment.setdefault("GRPC_LISTEN", f"127.0.0.1:{self.data.port_of('grpc')}")
        empty = self._prepare_database()
        if empty or self.data.sample_mark.exists():
            self._load_sample()
        self.data.publish_environment(self._told())
        with step("starting the sandbox gateway, web and gRPC servers, workers and beat"):
            for service in self._services():
                self.supervisor.start(service)
            self._wait_until_ready()

    def _first_environment(self) -> dict[str, str]:
        metrics = self.data.path / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "MEDIA_ROOT": str(self.data.path / "media"),
            **self.data.secrets(),
            **os.environ,
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "SHOP_FOLLOW_PARENT": "1",
        }

    def _told(self) -> dict[str, str]:
        names = (
            *("DATABASE_URL", "REDIS_URL", "SANDBOX_URL", "SECRET_KEY", "PAYMENT_WEBHOOK_SECRET"),
            *("MEDIA_ROOT", "PROMETHEUS_MULTIPROC_DIR", "GRPC_LISTEN"),
        )
        return {name: self.environment[name] for name in names}

    def _start_database(self) -> None:
        if self.environment.get("DATABASE_URL"):
            say("  ✓ PostgreSQL: the one that DATABASE_URL names")
            return
        with step("PostgreSQL"):
            server = start_postgres(
                self.data.path / "postgres",
                durable=True,
                log=self.data.logs / "postgres.log",
                port=self.data.port_of("postgres"),
            )
            self.supervisor.adopt("postgres", server.process, server.log, server.stop)
        self.environment["DATABASE_URL"] = server.url

    def _start_cache(self) -> None:
        if self.environment.get("REDIS_URL"):
            say("  ✓ Valkey: the one that REDIS_URL names")
            return
        with step("Valkey"):
            server = start_valkey(
                self.data.path / "valkey",
                durable=True,
                log=self.data.logs / "valkey.log",
                port=self.data.port_of("valkey"),
            )
            self.supervisor.adopt("valkey", server.process, server.log, server.stop)
        self.environment["REDIS_URL"] = server.url

    def _prepare_database(self) -> bool:
        """Migrate; true where nothing has ever happened in this shop."""
        log = self.data.logs / "prepare.log"
        with step("migrations"):
            self._manage("prepare_database", log=log)
        return log.read_text().strip().splitlines()[-1:] == ["empty"]

    def _load_sample(self) -> None:
        """Its progress is for the person to see, so it keeps the screen."""
        if self.options.empty:
            return
        self.data.sample_mark.touch()
        say("  … the sample shop")
        with step("the sample shop"):
            self._manage("load_sample_shop", log=None)
        self.data.sample_mark.unlink()

    def _manage(self, command: str, *, log: Path | None) -> None:
        """Run a management command to its end."""
        output = log.open("wb") if log is not None else contextlib.nullcontext()
        with output as file:
            process = spawn(
                [sys.executable, str(REPOSITORY / "manage.py"), command],
                log=file.fileno() if file is not None else None,
                env={**self.environment, **LONG_STATEMENTS, "SHOP_PROCESS": command},
                cwd=REPOSITORY,
            )
            try:
                code = process.wait()
            finally:
                stop(process, seconds=5)
        if code != 0:
            told = f" The end of {log}:\n{tail(log, 30)}" if log is not None else ""
            raise LaunchError(f"manage.py {command} {how_it_ended(code)}.{told}")

    def _services(self) -> list[Service]:
        """Who talks to people stops first, then who works for them, then what those call."""
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        return [
            self._service(
                "sandbox", [sys.executable, "-m", "sandbox", *self._sandbox_arguments()], stage=2
            ),
            self._service(
                "jobs",
                [*celery, "worker", "-n", "jobs@%h", "-Q", "jobs", "-c", "1", *quiet],
                stage=1,
                extra=LONG_STATEMENTS,
            ),
            self._service(
                "worker",
                [*celery, "worker", "-n", "worker@%h", "-Q", "shop", "-c", "2", *quiet],
                stage=1,
                extra=LONG_STATEMENTS,
            ),
            self._service("beat", [*celery, "beat", "--pidfile="], stage=1),
            self._service(
                "grpc",
                [sys.executable, str(REPOSITORY / "manage.py"), "grpc"],
                stage=0,
                grace_seconds=GRACE_SECONDS,
            ),
            *self._devices(),
            self._service(
                "web",
                web_command(self.options.host, self.port, workers=self.options.workers),
                stage=0,
                grace_seconds=GRACE_SECONDS + 5,
            ),
        ]

    def _devices(self) -> list[Service]:
        """What devices tell, where the environment names a broker."""
        if not self.environment.get("MQTT_URL"):
            return []
        command = [sys.executable, str(REPOSITORY / "manage.py"), "mqtt_ingest"]
        return [self._service("mqtt", command, stage=1)]

    def _service(
        self,
        name: str,
        command: list[str],
        *,
        stage: int,
        grace_seconds: float = 20.0,
        extra: Mapping[str, str] = MappingProxyType({}),
    ) -> Service:
        return Service(
            name=name,
            command=command,
            environment={**self.environment, **extra},
            folder=REPOSITORY,
            grace_seconds=grace_seconds,
            stage=stage,
        )

    def _sandbox_arguments(self) -> list[str]:
        return [
            *("--port", self.environment["SANDBOX_URL"].rsplit(":", 1)[1]),
            *("--data-dir", str(self.data.path / "sandbox")),
            *("--webhook-url", f"{self.url}/api/v1/payments/webhooks/sandbox"),
        ]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        last = "no answer yet"
        while time.monotonic() < deadline:
            self.supervisor.look()
            try:
                answer = httpx.get(f"{self.url}/health/ready", timeout=5)
                health = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                last = str(error)
            else:
                last = _complaints(health)
                if not last:
                    self.supervisor.settled = True
                    return
            time.sleep(0.2)
        raise LaunchError(
            f"The shop is not ready after {READY_SECONDS:.0f} s: {last}. Logs: {self.data.logs}"
        )


def _complaints(health: dict[str, dict[str, dict[str, str]]]) -> str:
    """What does not work yet. Events of the last time that wait for somebody keep no shop closed."""
    return "; ".join(
        f"{name} {check['status']} {check['detail']}".strip()
        for name, check in health["checks"].items()
        if check["status"] != "ok" and name not in LEFT_TO_OPERATORS
    )


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)


def _web_port(options: Options) -> int:
    """The port asked for where it is free; a check that names none takes any."""
    if options.port is None and options.check:
        return free_port(DEFAULT_PORT)
    port = options.port or DEFAULT_PORT
    try:
        family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((options.host, port))
    except OSError as error:
        raise LaunchError(
            f"Cannot listen on {options.host}:{port}: {error.strerror}. "
            f"Stop what uses it, or take another: ./scripts/run --port {port + 1}"
        ) from error
    return port
