"""Every second experiment in its short form, and its control, as ``scripts/faults`` runs them."""

from pathlib import Path

import pytest

from proving.experiment import Experiment
from proving.tests.kit import name_of, part, prove


@pytest.mark.live
@pytest.mark.timeout(300)
@pytest.mark.parametrize("one", part(1, of=2), ids=name_of)
def test_an_experiment_passes_and_its_control_does_not(
    one: Experiment, template: Path, folder: Path
) -> None:
    prove(one, template, folder)
