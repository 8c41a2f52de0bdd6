"""What is measured through the public API: each path with its budget of statements and its floor."""

from dataclasses import dataclass

from bench.floors import ADD_SCRIPT, ADJUST_SCRIPT, QUOTE_SCRIPT, SALE_SCRIPT, WEBHOOK_SCRIPT

BARE = "bare view"
READ = "read"


@dataclass(frozen=True, slots=True)
class Path:
    """A hot path, by the name of its scenario. Without ``sql`` of its own, its floor is the bare view."""

    name: str
    budget: int
    sql: str | None = None
    reads: bool = False
    """Its own statements may be sent to PostgreSQL alone over and over."""


PATHS = (
    Path("middleware stack", 1),
    Path("product page", 2, reads=True),
    Path("list of 20 by category", 3, reads=True),
    Path("list of 20", 3, reads=True),
    Path("facets of a category", 3, reads=True),
    Path("facets over everything", 3, reads=True),
    Path("search with facets", 3, reads=True),
    Path("suggestions", 2, reads=True),
    Path("cart read", 6, reads=True),
    Path("order history", 3, reads=True),
    Path("add to cart", 8, ADD_SCRIPT),
    Path("checkout quote", 12, QUOTE_SCRIPT),
    Path("confirm", 20, SALE_SCRIPT),
    Path("confirm without the gateway", 20, SALE_SCRIPT),
    Path("whole checkout", 40, SALE_SCRIPT),
    Path("pay webhook", 16, WEBHOOK_SCRIPT),
    Path("stock adjust", 8, ADJUST_SCRIPT),
)


def chosen(names: list[str]) -> list[Path]:
    """Those whose names hold one of the words; all without any."""
    return [p for p in PATHS if not names or any(name in p.name for name in names)]
