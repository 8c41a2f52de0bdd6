"""The page of guarantees says what the experiments show, and what was seen of them."""

import json

from proving.experiment import experiments
from proving.record import PAGE, SEEN, promises


def test_the_page_of_guarantees_has_the_table_of_the_experiments() -> None:
    page = PAGE.read_text()

    assert promises() in page, "write the output of scripts/faults --promises into the page"


def test_the_figures_are_of_experiments_run_as_often_as_they_say_now() -> None:
    long = {str(one.number): one.long for one in experiments()}

    seen = {number: kept["times"] for number, kept in json.loads(SEEN.read_text()).items()}

    assert seen.items() <= long.items(), "run them again with --long --record"
