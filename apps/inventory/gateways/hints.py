"""Hints in Valkey, which promise nothing: where buyers queue, and what the database just called empty.

Without Valkey there are no hints: everybody asks the database, and no SKU changes its way of counting.
"""

import time
from collections.abc import Collection, Mapping
from uuid import UUID

from django_redis import get_redis_connection
from redis.exceptions import RedisError

WINDOW_SECONDS = 10
EMPTY_MILLISECONDS = 250
"""For so long after a refusal others look, without a lock, whether there is anything to queue for."""


def note_waits(sku_ids: Collection[UUID]) -> None:
    """Somebody waited long for these SKUs together."""
    key = _window(0)
    try:
        pipe = get_redis_connection("default").pipeline(transaction=False)
        for sku_id in sku_ids:
            pipe.zincrby(key, 1, str(sku_id))
        pipe.expire(key, 6 * WINDOW_SECONDS)
        pipe.execute()
    except RedisError:
        return


def waited_for(least: int) -> list[UUID]:
    """The SKUs for which so many waited in the window that is over, or in the one that runs."""
    try:
        valkey = get_redis_connection("default")
        found = {
            name for back in (0, 1) for name in valkey.zrangebyscore(_window(back), least, "+inf")
        }
    except RedisError:
        return []
    return sorted(UUID(name.decode()) for name in found)


def note_empty(available: Mapping[UUID, int]) -> None:
    """The database has just refused, having no more than this of each."""
    try:
        pipe = get_redis_connection("default").pipeline(transaction=False)
        for sku_id, units in available.items():
            pipe.set(_empty(sku_id), units, px=EMPTY_MILLISECONDS)
        pipe.execute()
    except RedisError:
        return


def known_empty(sku_ids: Collection[UUID]) -> dict[UUID, int]:
    """What the database had of each, of those that it called empty a moment ago."""
    ids = list(sku_ids)
    if not ids:
        return {}
    try:
        found = get_redis_connection("default").mget([_empty(sku_id) for sku_id in ids])
    except RedisError:
        return {}
    return {
        sku_id: int(units) for sku_id, units in zip(ids, found, strict=True) if units is not None
    }


def _window(back: int) -> str:
    return f"inventory:waits:{int(time.time()) // WINDOW_SECONDS - back}"


def _empty(sku_id: UUID) -> str:
    return f"inventory:empty:{sku_id}"
