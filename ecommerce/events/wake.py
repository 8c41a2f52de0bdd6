"""Waking the workers after a commit. Only ever a hint: losing one costs at most the beat's second."""

import time
from contextlib import suppress

from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from redis.exceptions import RedisError

from ecommerce import valkey

_KEY = "events:wake"
_DEBOUNCE_MS = 1_000
_PAUSE_SECONDS = 5.0
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
    with suppress(RedisError):
        valkey.ask(settings.REDIS_URL, "DEL", _KEY)


def _send() -> None:
    if valkey.ask(settings.REDIS_URL, "SET", _KEY, "1", "NX", "PX", _DEBOUNCE_MS) is not None:
        current_app.send_task("ecommerce.events.tasks.pump", retry=False)
