"""A sliding window counter in Valkey, acquired and read in one round trip.

The window before counts as if its hits had been evenly spread: ``used = before * (1 - into) + count``.
"""

import hashlib
from typing import Any, NamedTuple

from redis.exceptions import NoScriptError

from ecommerce.valkey import ask

_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local limit, window, untold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local slot = math.floor(now / window)
local kept = redis.call('HMGET', KEYS[1], 'slot', 'count', 'before')
local count, before = 0, 0
if kept[1] then
    local age = slot - kept[1]
    if age == 0 then
        count, before = tonumber(kept[2]), tonumber(kept[3])
    elseif age == 1 then
        before = tonumber(kept[2])
    end
end
local into = now / window - slot
count = count + untold
local allowed = before * (1 - into) + count + 1 <= limit
if allowed then
    count = count + 1
end
if allowed or untold > 0 then
    redis.call('HSET', KEYS[1], 'slot', slot, 'count', count, 'before', before)
    redis.call('EXPIRE', KEYS[1], window * 2)
end
return {allowed and 1 or 0, before, count, math.floor(into * 1000000)}
"""
_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()


class Count(NamedTuple):
    """What one hit found."""

    allowed: bool
    used: float
    reset_seconds: float
    """Until the window ends; where the hit was refused, until one is let in again."""


def hit(url: str, key: str, *, limit: int, window: int, untold: int = 0) -> Count:
    """Count one hit of ``key``, ``limit`` of which are let in per ``window`` seconds. Raises RedisError.

    ``untold`` more were let in before without asking, and count whatever the limit.
    """
    allowed, before, count, millionths = _run(url, key, limit, window, untold)
    into = millionths / 1e6
    left = 1 - into if allowed else _until_one_more(limit, before=before, count=count, into=into)
    return Count(bool(allowed), before * (1 - into) + count, left * window)


def look(url: str, key: str, *, limit: int, window: int) -> Count:
    """What a hit would find; nothing is counted. Raises RedisError."""
    _, before, count, millionths = _run(url, key, 0, window, 0)
    into = millionths / 1e6
    used = before * (1 - into) + count
    allowed = used + 1 <= limit
    left = 1 - into if allowed else _until_one_more(limit, before=before, count=count, into=into)
    return Count(allowed, used, left * window)


def _until_one_more(limit: int, *, before: int, count: int, into: float) -> float:
    """In windows. Either enough of the last one has faded, or this one has to fade in its turn."""
    if count < limit and before:
        return 1 - (limit - 1 - count) / before - into
    return 1 - into + max(0.0, 1 - (limit - 1) / count)


def _run(url: str, key: str, limit: int, window: int, untold: int) -> Any:
    try:
        return ask(url, "EVALSHA", _SHA, 1, key, limit, window, untold)
    except NoScriptError:
        return ask(url, "EVAL", _SCRIPT, 1, key, limit, window, untold)
