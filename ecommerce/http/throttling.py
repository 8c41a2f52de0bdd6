"""Rate limits that count in Valkey and say so: RateLimit headers of draft-ietf-httpapi-ratelimit-headers.

When Valkey does not answer, ordinary scopes let everybody through, and the scopes named in
``RATE_LIMITS_GUARDED`` (login, coupons: what can be guessed) are counted in each process's own memory.
"""

import logging
import math
import time
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from ecommerce.errors import TooMany
from ecommerce.http import counting
from ecommerce.http.allowance import Allowance
from ecommerce.http.headers import put
from ecommerce.identity import Viewer

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

log = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
"""How long Valkey is left alone after it failed, so that an outage does not slow every request."""


class Standing(NamedTuple):
    """Where a caller stands: what is left of the quota, and in how many seconds there is more."""

    scope: str
    quota: int
    window: int
    remaining: int
    reset_seconds: int
    allowed: bool


def caller_key(request: "Request") -> str:
    """One who is signed in is counted by account, everybody else by network address."""
    user_id = getattr(request.user, "user_id", None)
    return f"user:{user_id}" if user_id is not None else guest_key(request)


def guest_key(request: "Request | HttpRequest") -> str:
    return f"ip:{address_of(request)}"


def address_of(request: "Request | HttpRequest") -> str:
    """The caller's address: the peer's, or what the outermost of ``NUM_PROXIES`` trusted proxies saw."""
    told: str | None = request.META.get("HTTP_X_FORWARDED_FOR")
    proxies: int | None = api_settings.NUM_PROXIES
    if told is None or not proxies:
        return request.META.get("REMOTE_ADDR") or "unknown"
    addresses = told.split(",")
    return addresses[-min(proxies, len(addresses))].strip() or "unknown"


class RateThrottle(BaseThrottle):
    """Counts a request against the ``throttle_scope`` of its view, for each of its ``throttle_keys``."""

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: "Request", view: Any) -> bool:
        scope = getattr(view, "throttle_scope", "default")
        if limit_of(scope) is None:
            return True
        standing = stand(request._request, scope, view.throttle_keys(request))
        if standing is None or standing.allowed:
            return True
        self._wait = standing.reset_seconds
        return False

    def wait(self) -> float | None:
        return self._wait


def count_guesses(request: "Request", scope: str, times: int) -> None:
    """Count against a scope that only the body shows to be concerned. Raises TooMany.

    For views where many ask for other things: a code among them is a guess wherever it is made.
    """
    limit = limit_of(scope)
    if limit is None:
        return
    for _ in range(times):
        standing = count(scope, limit, caller_key(request))
        if standing is not None and not standing.allowed:
            raise TooMany(retry_after_seconds=standing.reset_seconds)


def count_caller(scope: str, viewer: Viewer) -> None:
    """Count a call of one who is signed in, at a door that is not REST. Raises TooMany."""
    limit = limit_of(scope)
    standing = count(scope, limit, f"user:{viewer.user_id}") if limit else None
    if standing is not None and not standing.allowed:
        raise TooMany(retry_after_seconds=standing.reset_seconds)


def count_misses(scope: str, misses: Mapping[str, int]) -> None:
    """Count wrong guesses at each of these names, from whomever they come. Raises TooMany.

    A name with none is only looked at: where others used its quota up, even a right guess is not
    answered, so that nobody learns more than the quota from any number of addresses.
    """
    limit = limit_of(scope)
    if limit is None:
        return
    for name, times in misses.items():
        for _ in range(times):
            standing = count(scope, limit, name)
            if standing is not None and not standing.allowed:
                raise TooMany(retry_after_seconds=standing.reset_seconds)
        if not times and (wait := _used_up(scope, limit, name)):
            raise TooMany(retry_after_seconds=wait)


def _used_up(scope: str, limit: RateLimitItem, key: str) -> int:
    """In how many seconds there is quota again; 0 where there is some. It counts nothing."""
    name = limit.key_for(scope, key)
    if _circuit.closed():
        try:
            found = counting.look(
                settings.REDIS_URL, f"rate:{name}", limit=limit.amount, window=limit.get_expiry()
            )
            return 0 if found.allowed else max(1, math.ceil(found.reset_seconds))
        except RedisError as error:
            _circuit.trip(error)
    if _memory().test(limit, name):
        return 0
    return max(1, math.ceil(_memory().get_window_stats(limit, name).reset_time - time.time()))


def stand(request: "HttpRequest", scope: str, keys: Iterable[str]) -> Standing | None:
    """Count a request once for each of the keys, and keep where the caller stands to be told in the answer."""
    kept: Standing | None = getattr(request, "rate_standing", None)
    limit = limit_of(scope)
    if kept is not None or limit is None:
        return kept
    standings = [count(scope, limit, key) for key in keys]
    known = [standing for standing in standings if standing is not None]
    if not known:
        return None
    tightest = min(known, key=lambda standing: (standing.allowed, standing.remaining))
    request.rate_standing = tightest  # type: ignore[attr-defined]  # Django's, with a note of ours
    return tightest


def tell_limits(request: "HttpRequest", response: "HttpResponseBase") -> None:
    """Add RateLimit-Policy and RateLimit, where a limit was counted."""
    standing: Standing | None = getattr(request, "rate_standing", None)
    if standing is None:
        return
    scope, window = standing.scope, standing.window
    put(response, "RateLimit-Policy", f'"{scope}";q={standing.quota};w={window}')
    put(response, "RateLimit", f'"{scope}";r={standing.remaining};t={standing.reset_seconds}')


@lru_cache(maxsize=256)
def _scaled(rate: str, scale: float) -> RateLimitItem:
    limit = parse(rate)
    limit.amount = max(1, round(limit.amount * scale))
    return limit


def limit_of(scope: str) -> RateLimitItem | None:
    """The limit of a scope (``RATE_LIMITS``), times RATE_LIMIT_SCALE; none where the scale is 0."""
    rate = settings.RATE_LIMITS.get(scope)
    if rate is None or settings.RATE_LIMIT_SCALE <= 0:
        return None
    return _scaled(rate, settings.RATE_LIMIT_SCALE)


def count(scope: str, limit: RateLimitItem, key: str) -> Standing | None:
    """Count one hit, or None where it could not be counted and the scope lets that pass."""
    name = limit.key_for(scope, key)
    if _circuit.closed():
        try:
            return _in_valkey(scope, limit, name)
        except RedisError as error:
            _circuit.trip(error)
    return _in_memory(scope, limit, name) if scope in settings.RATE_LIMITS_GUARDED else None


class _Circuit:
    def __init__(self) -> None:
        self._retry_at = 0.0

    def closed(self) -> bool:
        return time.monotonic() >= self._retry_at

    def trip(self, error: Exception) -> None:
        self._retry_at = time.monotonic() + PAUSE_SECONDS
        log.warning("rate limits cannot be counted for %s s: %s", PAUSE_SECONDS, error)


_circuit = _Circuit()
_allowance = Allowance()


@cache
def _memory() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())


def _in_valkey(scope: str, limit: RateLimitItem, name: str) -> Standing:
    guarded = scope in settings.RATE_LIMITS_GUARDED
    found = None if guarded else _allowance.take(name, limit)
    if found is None:
        untold = _allowance.untold(name)
        try:
            found = counting.hit(
                settings.REDIS_URL,
                f"rate:{name}",
                limit=limit.amount,
                window=limit.get_expiry(),
                untold=untold,
            )
        except RedisError:
            _allowance.keep(name, untold)
            raise
        if not guarded:
            _allowance.hear(name, limit, found)
    return _standing(
        scope, limit, used=found.used, reset=found.reset_seconds, allowed=found.allowed
    )


def _in_memory(scope: str, limit: RateLimitItem, name: str) -> Standing:
    limiter = _memory()
    allowed = limiter.hit(limit, name)
    reset_at, remaining = limiter.get_window_stats(limit, name)
    used = limit.amount - remaining
    return _standing(scope, limit, used=used, reset=reset_at - time.time(), allowed=allowed)


def _standing(
    scope: str, limit: RateLimitItem, *, used: float, reset: float, allowed: bool
) -> Standing:
    return Standing(
        scope=scope,
        quota=limit.amount,
        window=limit.get_expiry(),
        remaining=max(0, limit.amount - math.floor(used)) if allowed else 0,
        reset_seconds=max(1, math.ceil(reset)),
        allowed=allowed,
    )
