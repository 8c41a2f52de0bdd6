"""How long to wait before trying again, and when to call a person."""

MAX_WAIT_SECONDS = 15 * 60
DAY_SECONDS = 24 * 60 * 60
LOUD_TRIES = 20
"""After so many failures, about three hours, what is owed is tried on and told at error level."""


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 2, 4, 8 and so on, a quarter of an hour at most."""
    return min(MAX_WAIT_SECONDS, 1 << max(1, min(tries, 20)))


def reversal_wait_seconds(tries: int, *, refused: bool) -> int:
    """As wait_seconds; but what the bank has refused so often that it is stuck is asked for once a day.

    Each time that would be a refund of its own, and a bank that has said no twenty times says it again.
    """
    return DAY_SECONDS if refused and is_stuck(tries) else wait_seconds(tries)


def is_stuck(tries: int) -> bool:
    """Has it failed so often that a person should look?"""
    return tries >= LOUD_TRIES
