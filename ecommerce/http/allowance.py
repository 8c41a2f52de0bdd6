"""The few hits of a generous limit that a process lets in before it asks Valkey again.

The round trip to Valkey costs more than all else that stands around a request. So a caller who was
found far from the limit a moment ago is let in at once, and the next question tells of those hits.
Over a limit of ``n`` gets at most ``n / SHARE`` a process. Where that is less than two hits, and always for
what can be guessed, Valkey is asked for each.
"""

import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem

from ecommerce.http.counting import Count

SHARE = 100
FRESH_SECONDS = 2.0
"""So long is what Valkey said of a caller believed."""
MOST_CALLERS = 10_000
"""So many are remembered; then all are forgotten, and with them what they were let in for untold."""


@dataclass(slots=True)
class _Known:
    heard: Count
    heard_at: float
    untold: int = 0


class Allowance:
    """What this process knows of each caller since it asked last."""

    def __init__(self) -> None:
        self._callers: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def take(self, name: str, limit: RateLimitItem) -> Count | None:
        """Let one hit in and say where the caller stands; None where Valkey has to be asked."""
        most = limit.amount // SHARE
        if most < 2:
            return None
        with self._lock:
            known = self._callers.get(name)
            if known is None:
                return None
            age = time.monotonic() - known.heard_at
            used = known.heard.used + known.untold + 1
            if known.untold + 1 >= most or age >= FRESH_SECONDS or used > limit.amount:
                return None
            known.untold += 1
            return Count(True, used, known.heard.reset_seconds - age)

    def untold(self, name: str) -> int:
        """How many hits were let in since Valkey was asked last; they count as told from now on."""
        with self._lock:
            known = self._callers.get(name)
            untold = known.untold if known else 0
            if known:
                known.untold = 0
        return untold

    def keep(self, name: str, untold: int) -> None:
        """They could not be told after all."""
        with self._lock:
            if known := self._callers.get(name):
                known.untold += untold

    def hear(self, name: str, limit: RateLimitItem, found: Count) -> None:
        """Remember what Valkey said of a caller whose limit is generous."""
        if limit.amount // SHARE < 2:
            return
        with self._lock:
            if len(self._callers) >= MOST_CALLERS:
                self._callers.clear()
            before = self._callers.get(name)
            self._callers[name] = _Known(found, time.monotonic(), before.untold if before else 0)
