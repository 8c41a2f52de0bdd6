"""Python's search for garbage in cycles, put off where millions of objects come and go that form none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """No search within the block; what is in no cycle is freed at once as ever. Call ``sweep`` now and then."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def sweep() -> None:
    """Look only at what was made since the last time."""
    gc.collect(0)
