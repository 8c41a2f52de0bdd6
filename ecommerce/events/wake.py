"""Waking the workers after a commit. Only ever a hint: losing one costs at most the beat's second."""

import time
from contextlib import suppress
from functools import cache
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

_KEY = "events:wake"
_DEBOUNCE_MS = 1_000
_PAUSE_SECONDS = 5.0
_TIMEOUT_SECONDS = 0.2
_broker = {"asleep_until": 0.0}


def wake_on_commit() -> None:
    """Wake the workers once this transaction is committed; once, however much it publishes."""
    if not getattr(settings, "EVENTS_WAKE", True):
        return
    if any(entry[1] is wake for entry in connection.run_on_commit):
        return
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Send one message unless one is already on its way. Never raises, never waits long."""
    if time.monotonic() < _broker["asleep_until"]:
        return
    try:
        _send()
    except Exception:  # whatever the broker's client raises, the sale is already made
        _broker["asleep_until"] = time.monotonic() + _PAUSE_SECONDS


def awake() -> None:
    """Tell publishers that a pump has started: whatever commits from now on needs another message."""
    if not getattr(settings, "EVENTS_WAKE", True):
        return
    with suppress(redis.RedisError):
        _valkey().delete(_KEY)


def _send() -> None:
    if _valkey().set(_KEY, "1", nx=True, px=_DEBOUNCE_MS):
        current_app.send_task("ecommerce.events.tasks.pump", retry=False)


@cache
def _valkey() -> Any:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
    )
