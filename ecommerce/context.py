"""Who and what the present work belongs to: set at the edges, read by events, logs and audit.

A request, a task and an event handler each run in a context of their own. Whoever starts one calls
``bind``; whoever records something calls ``current``. Nothing below the edges passes these by hand.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, NamedTuple
from uuid import UUID


class WorkContext(NamedTuple):
    """What is known of the work that runs now; ``None`` where it is not known."""

    request_id: str | None = None
    correlation_id: str | None = None
    """One for everything that follows from one request of a caller."""
    causation_id: str | None = None
    """The event (its id) that this work answers."""
    trace_id: str | None = None
    """W3C trace id: 32 lower-case hex digits."""
    traceparent: str | None = None
    """The W3C header to hand on to whoever is called or told."""
    user_id: UUID | None = None


_UNKNOWN = WorkContext()
_current: ContextVar[WorkContext] = ContextVar("work_context", default=_UNKNOWN)


def current() -> WorkContext:
    """The context of the work that runs now; an empty one outside of any."""
    return _current.get()


@contextmanager
def bind(**known: Any) -> Iterator[WorkContext]:
    """Add to what is known for as long as the block lasts: ``with bind(correlation_id=...)``."""
    context = _current.get()._replace(**known)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


class Turn:
    """The context of one piece of work after another, each with its own ids: what ``bind`` is to a block."""

    def __init__(self) -> None:
        self._token: Token[WorkContext] | None = None

    def take(self, **known: Any) -> None:
        """The next piece begins; whatever was known outside of the turns stays known."""
        self.end()
        self._token = _current.set(_current.get()._replace(**known))

    def end(self) -> None:
        """The present piece is done."""
        if self._token is not None:
            _current.reset(self._token)
            self._token = None


def note_user(user_id: UUID | None) -> None:
    """Tell who asks, once authentication has found out, within the context that is already bound."""
    _current.set(_current.get()._replace(user_id=user_id))
