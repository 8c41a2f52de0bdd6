"""A whole shop of the bench's own: durable servers and the same processes that scripts/run starts."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import httpx
import psycopg

from bench.cpu import WEB
from launcher.postgres import start_postgres
from launcher.processes import free_port, spawn, stop, tail
from launcher.valkey import start_valkey
from launcher.web import web_command

ROOT = Path(__file__).resolve().parent.parent
SECRET = "bench-only-secret"
READY_SECONDS = 60.0
_WAL = "wal_level=logical"
"""So that PostgreSQL's log tells which rows a command wrote; both sides of each ratio bear it."""
_LONG_STATEMENTS = {"DATABASE_STATEMENT_TIMEOUT_MS": "0"}
_CELERY = ("-m", "celery", "-A", "config")
_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@dataclass(frozen=True, slots=True)
class Shop:
    """Where it is and which processes it has: ``pids`` by what they are."""

    folder: Path
    url: str
    environment: dict[str, str]
    pids: dict[str, int]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@contextmanager
def servers(folder: Path | None = None) -> Iterator[tuple[Path, dict[str, str], dict[str, int]]]:
    """PostgreSQL and Valkey: the folder, the environment that names them, and their processes.

    Given a folder, the database is kept there for another time; else nothing is left behind.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="shop-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        say("starting PostgreSQL (durable) and Valkey")
        postgres = start_postgres(
            folder / "postgres", durable=True, log=folder / "postgres.log", also=[_WAL]
        )
        stack.callback(postgres.stop)
        valkey = start_valkey(folder / "valkey", durable=False, log=folder / "valkey.log")
        stack.callback(valkey.stop)
        environment = environment_of(folder, database_url=postgres.url, redis_url=valkey.url)
        os.environ.update(environment)
        yield folder, environment, {"database": postgres.process.pid, "cache": valkey.process.pid}


def environment_of(folder: Path, *, database_url: str, redis_url: str) -> dict[str, str]:
    """What the processes of a shop in this folder, on these servers, are told."""
    (folder / "metrics").mkdir(exist_ok=True)
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "CELERY_BROKER_URL": redis_url,
        "SANDBOX_URL": f"http://127.0.0.1:{free_port()}",
        "PAYMENT_WEBHOOK_SECRET": SECRET,
        "MEDIA_ROOT": str(folder / "media"),
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "RATE_LIMIT_SCALE": "1000000",
        "BENCH_FOLDER": str(folder),
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def running(
    folder: Path,
    environment: dict[str, str],
    pids: dict[str, int],
    *,
    workers: int,
    processes: Collection[str] = ("web", "sandbox", "jobs", "worker", "beat"),
) -> Iterator[Shop]:
    """The shop's own processes on servers that run, ready to answer."""
    with ExitStack() as stack:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        pids = dict(pids)
        commands = _commands(folder, port, workers, environment["SANDBOX_URL"])
        started = time.monotonic()
        for name in processes:
            with (folder / f"{name}.log").open("ab") as log:
                process = spawn(
                    commands[name],
                    log=log.fileno(),
                    env={**os.environ, **environment, **_extra(name)},
                    cwd=ROOT,
                )
            stack.callback(stop, process, seconds=15)
            pids[name] = process.pid
        _await(url, folder / "web.log", started)
        told = {"BENCH_URL": url, "BENCH_WEB_PID": str(pids["web"])}
        yield Shop(folder, url, {**os.environ, **environment, **told}, pids)


def _extra(name: str) -> dict[str, str]:
    return {"SHOP_PROCESS": WEB if name == "web" else name} | (
        _LONG_STATEMENTS if name in ("worker", "jobs") else {}
    )


def _commands(folder: Path, port: int, workers: int, sandbox_url: str) -> dict[str, list[str]]:
    sandbox_port = sandbox_url.rsplit(":", 1)[1]
    webhooks = f"http://127.0.0.1:{port}/api/v1/payments/webhooks/sandbox"
    celery = [sys.executable, *_CELERY]
    return {
        "web": web_command(
            "127.0.0.1", port, workers=workers, application="bench.wsgi:application"
        ),
        "sandbox": [
            *(sys.executable, "-m", "sandbox", "--port", sandbox_port),
            *("--data-dir", str(folder / "sandbox"), "--webhook-url", webhooks),
        ],
        "jobs": [*celery, "worker", "-n", "jobs@%h", "-Q", "jobs", "-c", "1", *_QUIET],
        "worker": [*celery, "worker", "-n", "worker@%h", "-Q", "shop", "-c", "2", *_QUIET],
        "beat": [*celery, "beat", "--pidfile=", "-s", str(folder / "beat")],
    }


def _await(url: str, log: Path, started: float) -> None:
    """Until it answers."""
    while time.monotonic() < started + READY_SECONDS:
        try:
            if httpx.get(f"{url}/health/live", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.02)
    raise SystemExit(f"The web server does not answer:\n{tail(log, 40)}")


def prepare(folder: Path, products: int) -> None:
    """Tables, the sample shop, and generated products beside it, where the folder has none yet."""
    say("migrating")
    manage("migrate", "-v", "0")
    prepared = folder / "prepared"
    if prepared.exists():
        return
    say("loading the sample shop")
    manage("load_sample_shop")
    if products:
        generate(products)
    settle()
    prepared.touch()


def settle() -> None:
    """Look at the tables now, as autovacuum does within a minute, lest it be done while something is measured."""
    say("vacuum and analyze")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute("VACUUM (ANALYZE)")


def generate(products: int, orders: int = 0, seed: int = 1) -> None:
    """So many of the seed, through the rooms' own services and events."""
    say(f"generating {products:,} products and {orders:,} orders")
    numbers = ("--products", str(products), "--orders", str(orders), "--seed", str(seed))
    manage("generate_catalog", *numbers)


def manage(*arguments: str, environment: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run a management command to its end; what it says."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**os.environ, **environment, **_LONG_STATEMENTS},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def say(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)
