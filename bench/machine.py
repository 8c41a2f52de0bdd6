"""What the processes hold in memory after the load, and how long the web server takes to start."""

import os
import platform
import re
import subprocess
import sysconfig
import time
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from bench.cpu import family
from bench.rows import Row, rounded
from bench.shop import ROOT, Shop
from launcher.places import postgres_programs, valkey_program
from launcher.processes import free_port, spawn, stop
from launcher.web import THREADS, web_command

STARTS = 3
_PATIENCE_SECONDS = 120.0


def memory_rows(shop: Shop) -> Iterator[Row]:
    """Proportional set size in MB, by what the processes are for; of a pool, its largest process, too.

    What several share counts for each by its part, so the sums are what the machine needs.
    """
    for name, pid in shop.pids.items():
        sizes = [_pss_megabytes(member) for member in family(pid)]
        yield Row(name=f"memory {name}", clients=1, megabytes=rounded(sum(sizes), 1))
        if name in ("web", "worker", "jobs"):
            yield Row(
                name=f"memory {name} largest process", clients=1, megabytes=rounded(max(sizes), 1)
            )


def start_rows(folder: Path) -> Iterator[Row]:
    """From the start of the web server to its first answer: nothing of it in memory or compiled, and again."""
    for name, cold in (("start cold", True), ("start warm", False)):
        with TemporaryDirectory() as compiled:
            if not cold:
                _start_seconds(folder, Path(compiled))
            seconds = []
            for number in range(STARTS):
                if cold:
                    _forget_files()
                place = Path(compiled) / str(number) if cold else Path(compiled)
                seconds.append(_start_seconds(folder, place))
        seconds.sort()
        yield Row(
            name=name,
            clients=1,
            p50Ms=rounded(seconds[STARTS // 2] * 1000, 0),
            p95Ms=rounded(seconds[-1] * 1000, 0),
        )


def about(options: Namespace) -> dict[str, Any]:
    """The machine and the run, in the words of the page that tells their figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": _version(postgres_programs() / "postgres"),
        "valkey": _version(valkey_program()),
        "web": options.workers,
        "threads": THREADS,
        "products": options.products,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "day": datetime.now(UTC).strftime("%B %Y"),
    }


def _version(program: Path) -> str:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\d+\.\d+(\.\d+)?", told.stdout)
    return found[0] if found else "?"


def _pss_megabytes(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(
        int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")
    ) / 1024  # fmt: skip


def _start_seconds(folder: Path, compiled: Path) -> float:
    port = free_port()
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    command = web_command("127.0.0.1", port, workers=1)
    started = time.monotonic()
    with (folder / "start.log").open("ab") as log:
        web = spawn(command, log=log.fileno(), env=environment, cwd=ROOT)
    try:
        while time.monotonic() < started + _PATIENCE_SECONDS:
            try:
                url = f"http://127.0.0.1:{port}/health/live"
                if httpx.get(url, timeout=5, trust_env=False).is_success:
                    return time.monotonic() - started
            except httpx.HTTPError:
                time.sleep(0.01)
    finally:
        stop(web, seconds=10)
    raise RuntimeError(f"the web server does not start; see {folder / 'start.log'}")


def _forget_files() -> None:
    """Have the kernel forget what it keeps of our files and the libraries'."""
    for root in (ROOT, Path(sysconfig.get_path("purelib"))):
        for file in root.rglob("*"):
            if file.suffix in (".py", ".so", ".pyc"):
                descriptor = os.open(file, os.O_RDONLY)
                try:
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(descriptor)
