"""What the person at the keyboard sees: each step as it happens, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str = "") -> None:
    """A line for a person, at once even where the output is a file."""
    print(text, flush=True)


def warn(text: str) -> None:
    """A line about trouble, on standard error."""
    print(text, file=sys.stderr, flush=True)


def show_cursor() -> None:
    """Progress bars hide it, and one that was killed cannot bring it back."""
    if sys.stdout.isatty():
        print("\033[?25h", end="", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is being done, and how long it took once it is."""
    started = time.monotonic()
    interactive = sys.stdout.isatty()
    if interactive:
        print(f"  … {name}", end="", flush=True)
    try:
        yield
    except BaseException:
        if interactive:
            say()
        raise
    seconds = time.monotonic() - started
    clear = "\r\033[K" if interactive else ""
    say(f"{clear}  ✓ {name} ({seconds:.1f} s)")
