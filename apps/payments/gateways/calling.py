"""HTTP to a provider: bounded waits, a breaker per provider, and no doubt about what is not known."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Literal

import pybreaker

from ecommerce.calling import Answer, NoAnswer, Patience, Peer, within

PATIENCE = Patience(connect_seconds=1.0, read_seconds=4.0, whole_seconds=4.0)
"""A buyer whose authorization takes 1.5 s may wait for the capture too, and for 6 s in all."""
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 10
SLOW_SECONDS = 1.0
SLOW_AT_ONCE = 2
"""So many who have waited so long are enough: who comes then is not let in to wait with them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``lost``: it may have acted. ``unreachable``: it has not."""

    kind: Literal["answered", "lost", "unreachable"]
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    why: str = ""


class Caller:
    """A provider's connections and its breaker: one of each per process."""

    def __init__(self, url: str) -> None:
        self._peer = Peer(url, PATIENCE, private=True)
        self.breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN, reset_timeout=OPEN_SECONDS, throw_new_error_on_trip=False
        )
        self._since: dict[object, float] = {}
        self._lock = Lock()

    def send(self, method: str, path: str, *, body: object = None, key: str | None = None) -> Reply:
        """One request, one reply; a connection that could not be made is tried a second time."""
        try:
            with (
                self._let_in(),
                self.breaker.calling(),  # unlike call(), it lets several ask at a time
                within(PATIENCE.whole_seconds),
            ):
                return self._twice(method, path, body, key)
        except pybreaker.CircuitBreakerError:
            return Reply("unreachable", why="the breaker is open")
        except NoAnswer as failure:
            return Reply("unreachable" if failure.certain else "lost", why=str(failure))

    @contextmanager
    def _let_in(self) -> Iterator[None]:
        """Keep out whoever would wait in vain: each takes a thread from those who only look at goods."""
        visit = object()
        with self._lock:
            if self._is_in_vain():
                raise NoAnswer("others wait for it in vain", certain=True)
            self._since[visit] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._since[visit]

    def _is_in_vain(self) -> bool:
        """While the breaker is not closed one may try at a time, which it does not see to by itself."""
        if self.breaker.current_state != pybreaker.STATE_CLOSED:
            return bool(self._since)
        waiting_since = time.monotonic() - SLOW_SECONDS
        return sum(since < waiting_since for since in self._since.values()) >= SLOW_AT_ONCE

    def _twice(self, method: str, path: str, body: object, key: str | None) -> Reply:
        try:
            return self._once(method, path, body, key)
        except NoAnswer as failure:
            if not failure.certain:
                raise
        return self._once(method, path, body, key)

    def _once(self, method: str, path: str, body: object, key: str | None) -> Reply:
        headers = {"Idempotency-Key": key} if key else {}
        content = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        answer = self._peer.call(method, path, body=content, headers=headers)
        if answer.status >= 500:
            raise NoAnswer(f"status {answer.status}", certain=answer.status == 503)
        return Reply("answered", answer.status, _json(answer))


def _json(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("the answer is no JSON", certain=False) from error
    if not isinstance(body, dict):
        raise NoAnswer("the answer is no JSON object", certain=False)
    return body


@cache
def caller_of(url: str) -> Caller:
    """The process's one caller of a provider."""
    return Caller(url)
