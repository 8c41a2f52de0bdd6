"""The page of guarantees says what the experiments show."""

from proving.__main__ import promises
from proving.shop import ROOT


def test_the_page_of_guarantees_has_the_table_of_the_experiments() -> None:
    page = (ROOT / "docs" / "explanation" / "guarantees.md").read_text()

    assert promises() in page, "write the output of scripts/faults --promises into the page"
