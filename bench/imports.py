"""How fast products come in by the public door, and in how much memory, beside COPY of the same rows."""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.cpu import family
from bench.rows import Row, over, rounded
from ecommerce import clock
from ecommerce.events.subscriptions import all_consumers
from ecommerce.events.watching import pause_consumer, resume_consumer
from launcher import demo as people
from launcher.api import Caller

_FINISHED = ("SUCCEEDED", "FAILED", "CANCELLED")


def import_rows(products: int, *, url: str, worker: int) -> Iterator[Row]:
    """Rows a second from the upload's answer to the job's end, and the worker's memory at its most.

    First while the shop's consumers take what the import tells, on the same processors; then while they
    are paused, and it waits for them: what the import itself takes.
    """
    yield _row("import", products, url=url, worker=worker)
    with _paused():
        yield _row("import, events waiting", products, url=url, worker=worker)


def _row(name: str, products: int, *, url: str, worker: int) -> Row:
    _forget_peaks(worker)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "products.jsonl"
        run = f"{time.time_ns():X}"  # new ones each time: what is there already costs less
        lines = [json.dumps(_product(run, number)) for number in range(products)]
        file.write_text("\n".join(lines) + "\n")
        rate = products / _import(file, url)
    floor = products / _copy(lines)
    return Row(
        name=name,
        clients=1,
        perSecond=rounded(rate, 1),
        floor="COPY of the same rows",
        floorPerSecond=rounded(floor, 1),
        ratio=over(floor, rate),
        megabytes=rounded(_peak_megabytes(worker), 1),
    )


@contextlib.contextmanager
def _paused() -> Iterator[None]:
    """No consumer of the shop takes events; they go on into the log."""
    for consumer in all_consumers():
        pause_consumer(consumer.name, now=clock.now())
    try:
        yield
    finally:
        for consumer in all_consumers():
            resume_consumer(consumer.name)


def _product(run: str, number: int) -> dict[str, object]:
    return {
        "externalId": f"bench-{run}-{number}",
        "title": f"Benchmark product {number}",
        "description": f"<p>The {number}th of its kind, for measuring imports.</p>",
        "brand": f"Brand {number % 50}",
        "status": "PUBLISHED",
        "tags": ["bench"],
        "skus": [
            {"code": f"BENCH-{run}-{number}", "price": "19.99", "quantity": 500, "weightGrams": 300}
        ],
    }


def _import(file: Path, url: str) -> float:
    caller = Caller(url)
    caller.sign_in(people.MERCHANDISER, people.PASSWORD)
    started = time.perf_counter()
    with file.open("rb") as content:
        answer = caller.upload(
            "/imports/products", files={"file": (file.name, content)}, data={"format": "jsonl"}
        )
    job = answer.json()
    while job["state"] not in _FINISHED:
        time.sleep(0.1)
        job = caller.get(f"/jobs/{job['id']}")
    if job["state"] != "SUCCEEDED" or job["refused"]:
        raise RuntimeError(f"the import ended as {job['state']}, {job['refused']} refused")
    return time.perf_counter() - started


def _copy(lines: list[str]) -> float:
    """The same rows, unchecked, into a table without indexes."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_import (body jsonb)")
        started = time.perf_counter()
        with connection.cursor().copy("COPY bench_import FROM STDIN") as copy:
            for line in lines:
                copy.write_row((line,))
        connection.commit()
        return time.perf_counter() - started


def _forget_peaks(worker: int) -> None:
    """Memory at its most counts from now on."""
    for pid in family(worker):
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak_megabytes(worker: int) -> float:
    """The most that a process of the worker has used."""
    return max(_high_water(pid) for pid in family(worker)) / 1024


def _high_water(pid: int) -> int:
    """In kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0
