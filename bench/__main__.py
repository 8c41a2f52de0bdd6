"""Starts a shop of its own, measures it, prints a table, and stops it."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from launcher.postgres import start_postgres
from launcher.processes import free_port, spawn, stop
from launcher.valkey import start_valkey

ROOT = Path(__file__).resolve().parent.parent
SECRET = "bench-only-secret"


def main() -> int:
    """Measure; the exit code tells whether a path takes more statements than it may."""
    options = _arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-bench-")))
        folder.chmod(0o711)
        port = stack.enter_context(_shop(folder, options))
        import django

        django.setup()
        from bench.report import Plan, run

        plan = Plan(
            port=port,
            seconds=options.seconds,
            rounds=options.rounds,
            clients=options.clients,
            products=options.imported,
        )
        return run(plan, into=options.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="per round of a path")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken of so many")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument("--imported", type=int, default=2000, help="products of the import")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--products", type=int, default=1000, help="beside the sample shop's")
    parser.add_argument("--workers", type=int, default=2, help="web server processes")
    return parser.parse_args()


@contextmanager
def _shop(folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """The whole shop on durable servers of its own; yields the port of its web server."""
    with ExitStack() as stack:
        os.environ.update(_environment(folder, stack))
        _say("migrating")
        _manage("migrate", "-v", "0")
        _say("loading the sample shop")
        _manage("load_sample_shop")
        if options.products:
            _say(f"generating {options.products} products")
            _manage("generate_catalog", "--products", str(options.products), "--seed", "1")
        port = free_port()
        _start_processes(folder, port, options.workers, stack)
        yield port


def _environment(folder: Path, stack: ExitStack) -> dict[str, str]:
    _say("starting PostgreSQL (durable) and Valkey")
    postgres = start_postgres(folder / "postgres", durable=True, log=folder / "postgres.log")
    stack.callback(postgres.stop)
    valkey = start_valkey(folder / "valkey", durable=False, log=folder / "valkey.log")
    stack.callback(valkey.stop)
    return {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "CELERY_BROKER_URL": valkey.url,
        "SANDBOX_URL": f"http://127.0.0.1:{free_port()}",
        "PAYMENT_WEBHOOK_SECRET": SECRET,
        "MEDIA_ROOT": str(folder / "media"),
        "RATE_LIMIT_SCALE": "1000000",
        "PYTHONPATH": str(ROOT),
    }


def _start_processes(folder: Path, port: int, workers: int, stack: ExitStack) -> None:
    sandbox_port = os.environ["SANDBOX_URL"].rsplit(":", 1)[1]
    web = f"http://127.0.0.1:{port}"
    commands: dict[str, list[str]] = {
        "sandbox": [
            *("-m", "sandbox", "--port", sandbox_port, "--data-dir", str(folder / "sandbox")),
            *("--webhook-url", f"{web}/api/v1/payments/webhooks/sandbox"),
            *("--webhook-secret", SECRET),
        ],
        "worker": [
            *("-m", "celery", "-A", "config", "worker", "-B", "-s", str(folder / "beat")),
            *("-c", "1", "-Q", "shop,jobs", "--without-gossip", "--without-mingle"),
        ],
        "web": [
            *("-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--no-ws"),
            *("--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port)),
            *("--log-level", "warning", "bench.wsgi:application"),
        ],
    }
    for name, command in commands.items():
        with (folder / f"{name}.log").open("ab") as log:
            process = spawn(
                [sys.executable, *command], log=log.fileno(), env=dict(os.environ), cwd=ROOT
            )
        stack.callback(stop, process, seconds=10)
        if name == "worker":
            os.environ["BENCH_WORKER_PID"] = str(process.pid)
    os.environ["BENCH_URL"] = web
    _await(lambda: httpx.get(f"{web}/health/live", timeout=2).is_success, folder / "web.log")


def _await(answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit(f"The web server does not answer:\n{log.read_text()[-2000:]}")


def _manage(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env={**os.environ, "DATABASE_STATEMENT_TIMEOUT_MS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")


def _say(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
