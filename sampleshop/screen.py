"""Shows how far a long command is: a bar on a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance: TypeAlias = Callable[[int], None]
EVERY_SECONDS = 5.0


class Screen:
    """Where progress is shown."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._console = Console(file=out or sys.stdout, highlight=False)

    def say(self, text: str) -> None:
        self._console.print(f"  {text}", markup=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        """Count what is done with the yielded function; at the end it says how many and how long."""
        show = self._bar if self._console.is_terminal else self._lines
        started, counted = time.monotonic(), _Count()
        with show(title, total, counted) as moved:

            def advance(by: int) -> None:
                counted.done += by
                moved()

            yield advance
        seconds = time.monotonic() - started
        self.say(f"✓ {title}{_figures(counted.done, seconds)} in {seconds:.1f} s")

    @contextmanager
    def _bar(self, title: str, total: int | None, count: "_Count") -> Iterator[Callable[[], None]]:
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        started = time.monotonic()
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(title, total=total, rate="")

            def moved() -> None:
                rate = count.done / max(time.monotonic() - started, 0.001)
                progress.update(task, completed=count.done, rate=f"{rate:,.0f}/s")

            yield moved

    @contextmanager
    def _lines(
        self, title: str, total: int | None, count: "_Count"
    ) -> Iterator[Callable[[], None]]:
        self.say(f"… {title}")
        started = told = time.monotonic()

        def moved() -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= EVERY_SECONDS:
                told = now
                self.say(f"… {title}{_progress(count.done, total, now - started)}")

        yield moved


class _Count:
    """How much is done."""

    done = 0


def _figures(done: int, seconds: float) -> str:
    if not done:
        return ""
    rate = f" ({done / seconds:,.0f} a second)" if seconds >= 1 else ""
    return f": {done:,}{rate}"


def _progress(done: int, total: int | None, seconds: float) -> str:
    rate = done / seconds
    if total is None or not rate:
        return f": {done:,}, {rate:,.0f} a second"
    left = (total - done) / rate
    return f": {done:,} of {total:,}, {rate:,.0f} a second, {left:,.0f} s to go"
