"""The sandbox's own clock, which a test may put ahead: what waits for an hour is due at once."""

import time


class Clock:
    """Seconds since 1970, as this process sees them."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def go_ahead(self, seconds: float) -> float:
        """From now on so many seconds more; says how far ahead that makes it."""
        self._ahead += seconds
        return self._ahead
