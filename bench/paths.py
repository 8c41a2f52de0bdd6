"""What is measured through the public API: each path with its budget of statements and its floor."""

from dataclasses import dataclass

AT_ONCE = "confirm without the gateway"
BARE = "bare view"
ROWS = "pgbench, the same rows"


@dataclass(frozen=True, slots=True)
class Path:
    """A hot path, by the name of its scenario.

    Where it ``writes``, its floor is pgbench with the reads and rows of the scenario named there: itself, or
    the one without the gateway, whose webhooks would be taken for its own. Else it is the bare view.
    """

    name: str
    budget: int
    writes: str = ""
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
    Path("availability", 3, reads=True),
    Path("availability of 100", 3, reads=True),
    Path("add to cart", 8, writes="add to cart"),
    Path("checkout quote", 12, writes="checkout quote"),
    Path("confirm", 20, writes=AT_ONCE),
    Path(AT_ONCE, 20, writes=AT_ONCE),
    Path("whole checkout", 40, writes="whole checkout without the gateway"),
    Path("pay webhook", 16, writes="pay webhook"),
    Path("stock adjust", 8, writes="stock adjust"),
)


def chosen(names: list[str]) -> list[Path]:
    """Those whose names hold one of the words; all without any."""
    return [p for p in PATHS if not names or any(name in p.name for name in names)]
