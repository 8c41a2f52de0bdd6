"""What is measured: each hot path with its budget of statements and what it is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.search import services as search
from apps.search.types import Market, SearchProducts
from bench.client import Scenario
from bench.floors import ADD_SCRIPT, ADJUST_SCRIPT, QUOTE_SCRIPT, SALE_SCRIPT, statements_of
from bench.scenarios import Goods

BARE = "bare view"


@dataclass(frozen=True, slots=True)
class Path:
    """A hot path. Without ``sql`` of its own, its floor is the bare view."""

    name: str
    scenario: Scenario
    budget: int | None = None
    sql: str | None = None
    prepare: Scenario | None = None


def paths(goods: Goods) -> list[Path]:
    """Reads beside the bare view, writes beside the same rows under pgbench."""
    return [
        Path("product page", goods.product_page, 2),
        Path("list of 20", goods.product_list, 3),
        Path("facets over everything", goods.facets, 3),
        Path("search with facets", goods.search, 3),
        Path("suggestions", goods.suggestions, 2),
        Path("cart read", goods.cart_read, 6, None, goods.filled_cart),
        Path("order history", goods.order_history, 3),
        Path("add to cart", goods.add_to_cart, 8, ADD_SCRIPT, goods.new_cart),
        Path("checkout quote", goods.quote, 12, QUOTE_SCRIPT, goods.one_line),
        Path("confirm", goods.confirm, 20, SALE_SCRIPT, goods.quoted),
        Path("whole checkout", goods.checkout, 40, SALE_SCRIPT),
        Path("stock adjust", goods.stock_adjust, 8, ADJUST_SCRIPT),
    ]


def read_statements(goods: Goods) -> dict[str, Callable[[], str]]:
    """The SQL of the reads by itself: what PostgreSQL alone does with it."""
    slug, market, now = goods.slugs[0], Market(), datetime.now(UTC)
    return {
        "product page": lambda: statements_of(
            lambda: search.product_page(slug=slug, market=market, now=now)
        ),
        "list of 20": lambda: statements_of(
            lambda: search.search_products(
                SearchProducts(size=20, sort="newest", with_facets=False)
            )
        ),
        "search with facets": lambda: statements_of(
            lambda: search.search_products(SearchProducts(text="wool", size=20))
        ),
    }
