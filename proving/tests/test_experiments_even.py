"""Every second experiment in its short form; ``scripts/faults`` runs the controls as well."""

from pathlib import Path

import pytest

from proving.experiment import Experiment
from proving.tests.kit import name_of, part, prove


@pytest.mark.live
@pytest.mark.timeout(300)
@pytest.mark.parametrize("one", part(0, of=2), ids=name_of)
def test_the_shop_holds_its_promise(one: Experiment, template: Path, folder: Path) -> None:
    prove(one, template, folder)
