"""The page of guarantees says what the experiments show, and what was seen of them."""

import json

import pytest

from abusing import ABUSE
from proving.experiment import FAULTS, Suite, experiments
from proving.record import PAGE, SEEN, promises


@pytest.mark.parametrize("suite", [FAULTS, ABUSE], ids=lambda suite: suite.package)
def test_the_page_of_guarantees_has_the_table_of_the_experiments(suite: Suite) -> None:
    page = PAGE.read_text()

    assert promises(suite) in page, f"write the output of {suite.script} --promises into the page"


def test_the_figures_are_of_experiments_run_as_often_as_they_say_now() -> None:
    long = {str(one.number): one.long for suite in (FAULTS, ABUSE) for one in experiments(suite)}

    seen = {number: kept["times"] for number, kept in json.loads(SEEN.read_text()).items()}

    assert seen.items() <= long.items(), "run them again with --long --record"
