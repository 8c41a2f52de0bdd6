"""The page of guarantees says what the experiments show, and what was seen of them."""

from proving.record import PAGE, promises


def test_the_page_of_guarantees_has_the_table_of_the_experiments() -> None:
    page = PAGE.read_text()

    assert promises() in page, "write the output of scripts/faults --promises into the page"
