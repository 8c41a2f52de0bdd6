"""The page of figures cannot rot: its tables are what the kept figures say, and no row is missing."""

import json
from typing import Any

from bench.growth import PATHS as GROWN
from bench.growth import STAGES
from bench.page import FIGURES, PAGE, rendered
from bench.paths import PATHS

NAMED = (
    "product page", "list", "facets", "search", "suggestions", "cart read", "order history",
    "add to cart", "quote", "confirm", "pay webhook", "stock adjust", "middleware stack",
    "event lag 50/s", "event lag 200/s", "event lag 1,000/s", "event drain", "import",
    "import, events waiting", "memory web", "memory worker", "memory beat", "start cold", "start warm",
)  # fmt: skip


def figures() -> Any:
    return json.loads(FIGURES.read_text())


def test_the_page_is_what_the_kept_figures_say() -> None:
    page = PAGE.read_text()

    assert rendered(page, figures()) == page


def test_figures_that_change_change_the_page() -> None:
    changed = figures()
    changed["rows"][0]["p50Ms"] = 123_456.7

    assert "123,456.7" in rendered(PAGE.read_text(), changed)


def test_every_row_is_there_at_every_number_of_clients() -> None:
    rows = figures()["rows"]
    names = {row["name"] for row in rows}

    assert [word for word in NAMED if not any(word in name for name in names)] == []
    measured = {(row["name"], row["clients"]) for row in rows}
    assert {(path.name, clients) for path in PATHS for clients in (1, 8, 32)} <= measured


def test_a_row_says_what_it_promises() -> None:
    promised = {
        "name", "clients", "p50Ms", "p95Ms", "perSecond", "queries", "floor", "floorPerSecond",
        "ratio",
    }  # fmt: skip

    assert all(promised <= set(row) for row in figures()["rows"])


def test_growth_tells_of_every_path_at_every_size() -> None:
    rows = figures()["growth"]
    sizes = list(dict.fromkeys((row["products"], row["orders"]) for row in rows))

    stages = [(size.products, size.orders) for size in STAGES]
    assert sizes == [stage for stage in stages if stage in sizes]
    assert sizes[0] == stages[0]
    assert len(sizes) >= 3
    assert {(name, *size) for name in GROWN for size in sizes} == {
        (row["name"], row["products"], row["orders"]) for row in rows
    }
