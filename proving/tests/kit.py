"""How an experiment is tested: it passes, and its control does not."""

from collections.abc import Sequence
from pathlib import Path

from proving.__main__ import performed
from proving.experiment import Experiment, experiments


def part(number: int, of: int) -> Sequence[Experiment]:
    """Every so-manieth experiment: a file of tests for each part, so that they run side by side."""
    return [one for turn, one in enumerate(experiments()) if turn % of == number]


def name_of(one: Experiment) -> str:
    """For the name of the test."""
    return f"{one.number}-{one.run.__name__}"


def prove(one: Experiment, template: Path, folder: Path) -> None:
    """Run both in their short form."""
    report = performed(one.run, folder / f"{one.number}", template, one.short)
    control = performed(one.control, folder / f"{one.number}-control", template, one.short)

    assert (report.failures, report.broke_down) == ([], "")
    assert control.broke_down == ""
    assert control.failures, f"without {one.guard} it must fail"
