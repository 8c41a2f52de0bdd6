"""HTTP to a provider: bounded waits, a breaker per provider, and no doubt about what is not known."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import httpx
import pybreaker

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 4.0
FAILURES_TO_OPEN = 5
OPEN_SECONDS = 10


class NoAnswer(Exception):
    """Inside the breaker only: the provider failed, and ``certain`` says it has not acted."""

    def __init__(self, why: str, *, certain: bool) -> None:
        super().__init__(why)
        self.certain = certain


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``lost``: it may have acted. ``unreachable``: it has not."""

    kind: Literal["answered", "lost", "unreachable"]
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    why: str = ""


class Caller:
    """A provider's HTTP client and its breaker: one of each per process."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=10),
            trust_env=False,
        )
        self.breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN, reset_timeout=OPEN_SECONDS, throw_new_error_on_trip=False
        )

    def send(self, method: str, path: str, *, body: object = None, key: str | None = None) -> Reply:
        """One request, one reply; a connection that could not be made is tried a second time."""
        try:
            with self.breaker.calling():  # unlike call(), it lets several ask at a time
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
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NoAnswer(repr(error), certain=True) from error
        except httpx.HTTPError as error:
            raise NoAnswer(repr(error), certain=False) from error
        if answer.status_code >= 500:
            raise NoAnswer(f"status {answer.status_code}", certain=answer.status_code == 503)
        return Reply("answered", answer.status_code, _json(answer))


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise NoAnswer("the answer is no JSON", certain=False) from error
    if not isinstance(body, dict):
        raise NoAnswer("the answer is no JSON object", certain=False)
    return body


@cache
def caller_of(url: str) -> Caller:
    """The process's one caller of a provider."""
    return Caller(url)
