"""What alerts watch, and how long to wait before telling again."""

from enum import StrEnum

MAX_TRIES = 20
"""After so many failures, about a day, a message is given up and told at error level."""
_LONGEST_SECONDS = 2 * 60 * 60


class Watch(StrEnum):
    """What a rule's threshold is compared with."""

    LOW = "low"
    """Units that can be promised: at or below the threshold."""
    OVER = "over"
    """Units on hand: at or above the threshold."""
    NO_MOVEMENT = "no_movement"
    """Days since the last ledger entry of what lies there: at or above the threshold."""
    EXPIRING = "expiring"
    """Days until the first lot on hand expires: at or below the threshold. Expired long ago is nought."""
    STOCKOUT_RATE = "stockout_rate"
    """Per cent of the SKUs of which nothing can be promised: at or above the threshold."""


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 10, 20, 40 and so on, two hours at most."""
    return min(_LONGEST_SECONDS, 5 << max(1, min(tries, 20)))
