"""What processes have used of the processor, from ``/proc``: the figure that a busy machine moves least."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg

WEB = "web"
"""The name under which the web processes are known to the database."""
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds, user and system, of the web processes and of the database's processes behind them."""

    web: float
    database: float

    def since(self, before: "Used") -> "Used":
        return Used(self.web - before.web, self.database - before.database)


class Meter:
    """Reads what a shop's web server and its backends have used so far."""

    def __init__(self, web_pid: int, database_url: str) -> None:
        self._web_pid = web_pid
        self._database = psycopg.connect(database_url, autocommit=True)

    def read(self) -> Used:
        backends = [pid for (pid,) in self._database.execute(_BACKENDS, [WEB])]
        return Used(seconds_of(family(self._web_pid)), seconds_of(backends))


def seconds_of(pids: Iterable[int]) -> float:
    """CPU seconds of all their threads; a process that has ended counts as nothing."""
    return sum(_nanoseconds(pid) for pid in pids) / 1e9


def family(pid: int) -> list[int]:
    """A process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(found for child in below for found in family(child))]


def _nanoseconds(pid: int) -> int:
    """Of its threads one by one: the process's own figure counts in hundredths of a second."""
    used = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            used += int(thread.read_text().split()[0])
    return used
