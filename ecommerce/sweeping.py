"""Python's search for garbage in cycles, put off where millions of objects come and go that form hardly any."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """No search within the block but by ``sweep``; what is in no cycle is freed at once as ever.

    What was there before is not looked at until the block ends.
    """
    was = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()


def sweep_seldom() -> None:
    """For a process that serves: what it has loaded by now is never looked at again, what is new less often.

    By itself Python looks once or twice a request, which is a tenth of a short one's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def sweep() -> None:
    """Search among what was made within the block, which takes no longer than that is much."""
    gc.collect()
