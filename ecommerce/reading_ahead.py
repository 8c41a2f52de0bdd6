"""Making the next thing while the present one is worked on."""

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


def read_ahead(items: Iterable[T]) -> Generator[T]:
    """The items, each made by a thread of its own while the one before it is worked on.

    For work that waits for the database, beside reading that does not touch it. Two items are there
    at a time at most, and one more in the making. What the reading raises is raised here, in its place. Close what you do not read to its end.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue(maxsize=1)
    left = Event()
    reader = Thread(target=_read, args=(items, made, left), name="read-ahead", daemon=True)
    reader.start()
    try:
        while (found := made.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found[0]
    finally:
        left.set()
        with suppress(Empty):  # makes room where the reader waits for it
            made.get_nowait()
        reader.join()


def _read(items: Iterable[T], made: "Queue[tuple[T] | BaseException | None]", left: Event) -> None:
    try:
        for item in items:
            made.put((item,))
            if left.is_set():
                return
        made.put(None)
    except BaseException as error:
        made.put(error)
