"""Webhooks: signed, sent in order, again with backoff until they are taken."""

import hashlib
import hmac
import sqlite3
import threading
import urllib.error
import urllib.request

from sandbox.clock import Clock
from sandbox.store import Store

_TRIES = 15
_WAIT_SECONDS = 300.0
_IDLE_SECONDS = 0.05


def signature(body: bytes, *, secret: str, timestamp: int) -> str:
    """``t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">``."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={digest.hexdigest()}"


class Post:
    """Sends what is due from the table of webhooks, one after the other."""

    def __init__(self, store: Store, secret: str, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="post", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            due = self._store.rows(
                "SELECT * FROM webhook WHERE next_try_at <= ? ORDER BY next_try_at, position LIMIT 20",
                self._clock.now(),
            )
            for webhook in due:
                if self._stop.is_set():
                    return
                self._send(webhook)
            if not due:
                self._stop.wait(_IDLE_SECONDS)

    def _send(self, webhook: sqlite3.Row) -> None:
        answers = [self._once(webhook) for _ in range(webhook["copies"])]
        tries = webhook["tries"] + 1
        again = None
        if not all(answers) and tries < _TRIES:
            again = self._clock.now() + min(_WAIT_SECONDS, 0.5 * 2**tries)
        with self._store.transaction() as db:
            db.execute(
                "UPDATE webhook SET tries = ?, next_try_at = ? WHERE position = ?",
                (tries, again, webhook["position"]),
            )

    def _once(self, webhook: sqlite3.Row) -> bool:
        body = webhook["body"].encode()
        request = urllib.request.Request(  # noqa: S310 the URL is the operator's
            webhook["url"],
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Sandbox-Signature": signature(
                    body, secret=self._secret, timestamp=int(self._clock.now())
                ),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 likewise
                return bool(200 <= answer.status < 300)
        except (urllib.error.URLError, OSError):
            return False
