"""A worker whose acknowledgement is lost connects anew, instead of waiting for it for ever."""

from typing import Any

from celery.worker.request import Request


class LoudRequest(Request):
    """A task in work at the broker's.

    Celery only logs that the broker did not take an acknowledgement in time. The message stays counted as
    in work then, and a worker that fetches one at a time never fetches another, though it looks
    alive. With no errors to swallow, this one reaches the worker's loop, which connects anew.
    """

    def __init__(self, message: Any, **settings: Any) -> None:
        super().__init__(message, **{**settings, "connection_errors": ()})
