"""How the web server is started: Granian, several processes of a few threads each."""

import sys

GRACE_SECONDS = 25
"""Requests that run when it is asked to stop may take so long."""
THREADS = 4
"""A process; each keeps a connection to the database."""


def web_command(
    host: str, port: int, *, workers: int, application: str = "config.wsgi:application"
) -> list[str]:
    """A worker that dies is started again by Granian; one that is asked to stop finishes first."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--backlog", "1024"),
        *("--respawn-failed-workers", "--workers-kill-timeout", f"{GRACE_SECONDS}s"),
        *("--log-level", "warning", application),
    ]
