"""A worker that lost its broker looks for it every few seconds, however long it has been gone."""

from typing import Any

from celery.app.amqp import AMQP
from kombu.connection import Connection

LONGEST_SECONDS = 5
_PAUSES: dict[str, Any] = {
    "interval_start": 1,
    "interval_step": 1,
    "interval_max": LONGEST_SECONDS,
}


class SoonBack(Connection):
    """Celery has no setting for it, and would wait up to half a minute more once the broker is back.

    Beat does so after the worker, and events wait for both.
    """

    def ensure_connection(  # type: ignore[override]  # whatever Celery passes, but for the pauses
        self, *args: Any, **settings: Any
    ) -> Connection:
        return super().ensure_connection(*args, **{**settings, **_PAUSES})


class Wire(AMQP):
    """What the application speaks to its broker by."""

    Connection = SoonBack
