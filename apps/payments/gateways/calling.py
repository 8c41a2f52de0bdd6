"""HTTP to a provider: bounded waits, a breaker per provider, and no doubt about what is not known."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import pybreaker

from ecommerce.calling import Answer, NoAnswer, Patience, Peer, within

PATIENCE = Patience(connect_seconds=1.0, read_seconds=4.0, whole_seconds=7.0)
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 10


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
        self._peer = Peer(url, PATIENCE)
        self.breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN, reset_timeout=OPEN_SECONDS, throw_new_error_on_trip=False
        )

    def send(self, method: str, path: str, *, body: object = None, key: str | None = None) -> Reply:
        """One request, one reply; a connection that could not be made is tried a second time."""
        try:
            with (
                self.breaker.calling(),  # unlike call(), it lets several ask at a time
                within(PATIENCE.whole_seconds),
            ):
                return self._twice(method, path, body, key)
        except pybreaker.CircuitBreakerError:
            return Reply("unreachable", why="the breaker is open")
        except NoAnswer as failure:
            return Reply("unreachable" if failure.certain else "lost", why=str(failure))

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
