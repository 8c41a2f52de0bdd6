"""Every other experiment in its short form; ``scripts/abuse`` runs the controls as well."""

from pathlib import Path

import pytest

from abusing import ABUSE
from proving.experiment import Experiment
from proving.tests.conftest import folder, template
from proving.tests.kit import name_of, part, prove

__all__ = ["folder", "template"]


@pytest.mark.live
@pytest.mark.timeout(600)
@pytest.mark.parametrize("one", part(1, of=2, suite=ABUSE), ids=name_of)
def test_the_shop_holds_its_promise(one: Experiment, template: Path, folder: Path) -> None:
    prove(one, template, folder)
