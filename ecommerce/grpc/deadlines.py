"""A caller's deadline, kept: what comes too late is not begun, and what takes too long is not committed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction


class DeadlinePassed(Exception):  # no refusal of ours: the caller does not listen any more
    """The caller's time is over; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of this process' monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    @property
    def left_seconds(self) -> float:
        return self.at - time.monotonic()

    def check(self) -> None:
        """Raises DeadlinePassed."""
        if self.left_seconds <= 0:
            raise DeadlinePassed


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """A transaction that ends before the deadline or is undone; no statement of it is waited for longer.

    Only a commit that is on its way when time is over may happen unseen.
    """
    deadline.check()
    with transaction.atomic():
        milliseconds = max(1, int(deadline.left_seconds * 1000))
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
        yield
        deadline.check()
