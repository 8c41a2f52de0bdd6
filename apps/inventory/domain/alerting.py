"""How long to wait before telling of alerts again."""

MAX_TRIES = 20
"""After so many failures, about a day, a message is given up and told at error level."""
_LONGEST_SECONDS = 2 * 60 * 60


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 10, 20, 40 and so on, two hours at most."""
    return min(_LONGEST_SECONDS, 5 << max(1, min(tries, 20)))
