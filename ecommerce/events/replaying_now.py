"""Whether the present work rebuilds a projection."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_replaying: ContextVar[bool] = ContextVar("replaying", default=False)


def replaying() -> bool:
    """True inside of a replay: nothing may be published, nothing outside may be touched."""
    return _replaying.get()


@contextmanager
def replay_mode() -> Iterator[None]:
    """Mark the block as a replay."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)
