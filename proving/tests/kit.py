"""How an experiment is tested: it passes; where there is time, its control does not."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from proving.__main__ import performed
from proving.experiment import FAULTS, Experiment, Suite, experiments


def part(number: int, of: int, suite: Suite = FAULTS) -> Sequence[Experiment]:
    """Every so-manieth experiment: a file of tests for each part, so that they run side by side."""
    return [one for turn, one in enumerate(experiments(suite)) if turn % of == number]


def name_of(one: Experiment) -> str:
    """For the name of the test."""
    return f"{one.number}-{one.run.__name__}"


def prove(one: Experiment, template: Path, folder: Path) -> None:
    """Run it in its short form; with ``SHOP_WHOLE_FAULTS`` its control, too, as scripts/faults does."""
    report = performed(one.run, folder / f"{one.number}", template, one.short)

    assert (report.failures, report.broke_down) == ([], "")
    if report.figures and os.environ.get("SHOP_WHOLE_FAULTS"):
        _fails_unguarded(one, template, folder)
    if report.skipped:
        pytest.skip(f"{one.number} without {', '.join(report.skipped)}")


def _fails_unguarded(one: Experiment, template: Path, folder: Path) -> None:
    control = performed(one.control, folder / f"{one.number}-control", template, one.short)
    assert control.broke_down == ""
    assert control.failures, f"without {one.guard} it must fail"
