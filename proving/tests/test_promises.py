"""The page of guarantees says what the experiments show."""

import pytest

from abusing import ABUSE
from proving.__main__ import promises
from proving.experiment import FAULTS, Suite
from proving.shop import ROOT


@pytest.mark.parametrize("suite", [FAULTS, ABUSE], ids=lambda suite: suite.package)
def test_the_page_of_guarantees_has_the_table_of_the_experiments(suite: Suite) -> None:
    page = (ROOT / "docs" / "explanation" / "guarantees.md").read_text()

    assert promises(suite) in page, f"write the output of {suite.script} --promises into the page"
