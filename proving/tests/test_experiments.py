"""Every experiment in its short form, and its control, as ``scripts/faults`` runs them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from proving.__main__ import performed
from proving.experiment import Experiment, experiments
from proving.lab import template_of


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One that the database's user may enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="shop-test-faults-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def template(folder: Path) -> Iterator[Path]:
    with template_of(folder / "template") as template:
        yield template


@pytest.mark.live
@pytest.mark.timeout(300)
@pytest.mark.parametrize("one", experiments(), ids=lambda one: f"{one.number}-{one.run.__name__}")
def test_an_experiment_passes_and_its_control_does_not(
    one: Experiment, template: Path, folder: Path
) -> None:
    report = performed(one.run, folder / f"{one.number}", template, one.short)
    control = performed(one.control, folder / f"{one.number}-control", template, one.short)

    assert (report.failures, report.broke_down) == ([], "")
    assert control.broke_down == ""
    assert control.failures, f"without {one.guard} it must fail"
