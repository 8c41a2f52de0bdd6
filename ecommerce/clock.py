"""The one place that reads the clock. Only edges call it; services are told what time it is.

Processes of the shop follow the database's clock. Machines' clocks differ, and a web server that is ten
minutes ahead would sell at tomorrow's price, beside another that still asks today's.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

COMPARE_SECONDS = 60.0
"""How often the database is asked again; between two times the monotonic clock carries on."""

_skew = timedelta(seconds=float(os.environ.get("SHOP_CLOCK_SKEW_SECONDS") or 0))
"""For tests across processes: how wrong this machine's clock is."""


def now() -> datetime:
    """The present moment, aware, in UTC: the database's where the process follows it."""
    followed = _leader.now() if _leader is not None else None
    return followed if followed is not None else datetime.now(UTC) + _skew


def follow(read: Callable[[], datetime | None] | None) -> None:
    """From now on take the time that ``read`` tells (None: it cannot just now), asked once a minute."""
    global _leader  # one process, one clock
    _leader = _Leader(read) if read is not None else None


class _Leader:
    """A clock elsewhere, as last seen, carried on by the monotonic one."""

    def __init__(self, read: Callable[[], datetime | None]) -> None:
        self._read = read
        self._seen: datetime | None = None
        self._seen_at = 0.0
        self._next = 0.0

    def now(self) -> datetime | None:
        if time.monotonic() >= self._next:
            self._look()
        if self._seen is None:
            return None
        return self._seen + timedelta(seconds=time.monotonic() - self._seen_at)

    def _look(self) -> None:
        self._next = time.monotonic() + COMPARE_SECONDS
        before = time.monotonic()
        seen = self._read()
        after = time.monotonic()
        if seen is None:
            self._next = after + 1
            return
        self._seen, self._seen_at = seen, (before + after) / 2


_leader: _Leader | None = None
