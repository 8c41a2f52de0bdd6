"""What an experiment is: a number, a promise, a run that measures it, and a control that must fail."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar

from proving.books import told
from proving.lab import Lab

T = TypeVar("T")
PROGRESS_SECONDS = 15.0


@dataclass(slots=True)
class Report:
    """What one run of an experiment saw: figures, and every expectation that did not hold."""

    figures: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """What this machine does not let us try, and why: told as loudly as a failure, but none."""
    broke_down: str = ""
    """Why the run did not come to its end. It is no finding, so no control fails by it."""

    def note(self, **figures: Any) -> None:
        """Keep figures for the line that the person reads."""
        self.figures.update(figures)

    def skip(self, what: str) -> None:
        """A part of the experiment is left out, for a reason that the person reads."""
        self.skipped.append(what)

    def rounds(self, times: int) -> Iterator[int]:
        """Count the rounds of a run, and let the person at the keyboard see how far it is."""
        return self.seen(range(times), times)

    def seen(self, results: Iterable[T], times: int) -> Iterator[T]:
        """The same of results that come one after the other."""
        told = time.monotonic()
        for number, result in enumerate(results, start=1):
            yield result
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                print(f"  … {number} of {times}", file=sys.stderr, flush=True)

    def expect(self, what: str, found: Any, wanted: Any) -> None:
        """It must be exactly this."""
        if found != wanted:
            self.failures.append(f"{what}: {found!r} where {wanted!r} was expected")

    def expect_at_most(self, what: str, found: float, limit: float) -> None:
        """It must not be more."""
        if found > limit:
            self.failures.append(f"{what}: {found:.4g} where at most {limit:.4g} was expected")

    def expect_clean(self, found: Mapping[str, Sequence[Any]]) -> None:
        """The audit found nothing."""
        if found:
            self.failures.append(told(found))


Run = Callable[[Lab, Report, int], None]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One of the experiments. ``run`` is told how often: the short or the long count."""

    number: int
    name: str
    promise: str
    run: Run
    control: Run
    """The same with its guard off: it must report failures, or the experiment proves nothing."""
    guard: str
    """What the control switches off, in words."""
    short: int
    long: int


@dataclass(frozen=True, slots=True)
class Suite:
    """Experiments that one script runs."""

    script: str
    package: str
    """Where they are declared; importing it declares them all."""
    waiting: Mapping[int, str]
    """Those about parts that do not exist yet, and what they wait for."""


FAULTS = Suite(
    "scripts/faults",
    "proving.experiments",
    {30: "a customer is erased: comes with the privacy endpoints"},
)
_known: dict[int, Experiment] = {}


def experiment(
    number: int, promise: str, *, control: Run, guard: str, short: int, long: int
) -> Callable[[Run], Run]:
    """Declare a function to be the experiment of this number; its first docstring line is the name."""

    def declare(run: Run) -> Run:
        name = (run.__doc__ or run.__name__).splitlines()[0].rstrip(".")
        _known[number] = Experiment(number, name, promise, run, control, guard, short, long)
        return run

    return declare


def experiments(suite: Suite = FAULTS) -> Iterator[Experiment]:
    """All of the suite, by number."""
    import_module(suite.package)
    for _, one in sorted(_known.items()):
        if one.run.__module__.startswith(f"{suite.package}."):
            yield one
