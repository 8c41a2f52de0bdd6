"""How long to wait before trying again, and when to call a person."""

MAX_WAIT_SECONDS = 15 * 60
LOUD_TRIES = 20
"""After so many failures, about three hours, what is owed is tried on and told at error level."""


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 2, 4, 8 and so on, a quarter of an hour at most."""
    return min(MAX_WAIT_SECONDS, 1 << max(1, min(tries, 20)))


def is_stuck(tries: int) -> bool:
    """Has it failed so often that a person should look?"""
    return tries >= LOUD_TRIES
