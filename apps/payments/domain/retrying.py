"""How long to wait before trying again."""

MAX_WAIT_SECONDS = 15 * 60


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 2, 4, 8 and so on, a quarter of an hour at most."""
    return min(MAX_WAIT_SECONDS, 1 << max(1, min(tries, 20)))
