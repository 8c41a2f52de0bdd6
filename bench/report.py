"""Runs every scenario beside its floors and prints what came out."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from apps.catalog import services as catalog
from apps.search import services as search
from apps.search.types import Market, SearchProducts
from bench.client import Connection, Measured, Scenario, measure
from bench.floors import ADD_SCRIPT, SALE_SCRIPT, pgbench, prepare_writes, statements_of
from bench.scenarios import API, Goods
from ecommerce.clock import now


@dataclass(frozen=True, slots=True)
class Path:
    """A hot path, how many statements it may take, and the same SQL for the bare database."""

    name: str
    scenario: Scenario
    budget: int | None = None
    sql: Callable[[], str] | None = None
    prepare: Scenario | None = None


def run(*, port: int, seconds: float, clients: list[int]) -> int:
    """Print the table; 1 where a path is over its budget of statements, else 0."""
    goods = Goods(port)
    prepare_writes()
    over = []
    for count in clients:
        print(f"\n{count} client{'s' * (count > 1)}, {seconds:g} s each\n{_HEAD}")
        bare: Measured | None = None
        for path in _paths(goods):
            found = measure(
                path.scenario, port=port, clients=count, seconds=seconds, prepare=path.prepare
            )
            bare = bare or found
            print(_row(path, found, bare, count, seconds), flush=True)
            if path.budget is not None and found.statements > path.budget:
                over.append(path.name)
    _print_event_lag(port)
    if over:
        print(f"\nover their budget of statements: {', '.join(sorted(set(over)))}", file=sys.stderr)
    return 1 if over else 0


_HEAD = (
    f"{'path':<18}{'p50 ms':>8}{'p95 ms':>8}{'per s':>8}{'SQL':>6}{'budget':>8}"
    f"{'× bare view':>13}{'pgbench ms':>12}{'× pgbench':>11}"
)


def _row(path: Path, found: Measured, bare: Measured, clients: int, seconds: float) -> str:
    cells = (
        f"{path.name:<18}{found.p50:>8.2f}{found.p95:>8.2f}{found.per_second:>8.1f}"
        f"{found.statements:>6.1f}{path.budget or '':>8}{found.p50 / bare.p50:>13.2f}"
    )
    if path.sql is None:
        return cells
    latency, _ = pgbench(
        path.sql(), url=os.environ["DATABASE_URL"], clients=clients, seconds=min(seconds, 3)
    )
    return f"{cells}{latency:>12.2f}{found.p50 / latency:>11.2f}"


def _paths(goods: Goods) -> list[Path]:
    slug = goods.slugs[0]
    market = Market()
    return [
        Path("bare view", goods.floor, None, lambda: f"SELECT body::text FROM search_document WHERE slug = '{slug}';"),
        Path(
            "product page", goods.product_page, 2,
            lambda: statements_of(lambda: search.product_page(slug=slug, market=market, now=now())),
        ),
        Path(
            "list of 20", goods.product_list, 3,
            lambda: statements_of(
                lambda: search.search_products(
                    SearchProducts(size=20, sort="newest", with_facets=False)
                )
            ),
        ),
        Path(
            "search, facets", goods.search, 3,
            lambda: statements_of(lambda: search.search_products(SearchProducts(text="wool", size=20))),
        ),
        Path("add to cart", goods.add_to_cart, 8, lambda: ADD_SCRIPT, goods.new_cart),
        Path("whole checkout", goods.checkout, 40, lambda: SALE_SCRIPT),
    ]  # fmt: skip


def _print_event_lag(port: int, rounds: int = 10) -> None:
    """From the commit of a change to the storefront that shows it."""
    shopper = Connection(port)
    page = shopper.call("GET", f"{API}/storefront/catalog?pageSize=1")["results"][0]
    lags = []
    for turn in range(rounds):
        title = f"{page['title']} {turn}"
        catalog.update_product(
            product_id=UUID(page["productId"]),
            changes={"title": title},
            expected_version=None,
            now=now(),
        )
        started = time.perf_counter()
        while shopper.call("GET", f"{API}/storefront/products/{page['slug']}")["title"] != title:
            time.sleep(0.002)
        lags.append((time.perf_counter() - started) * 1000)
    lags.sort()
    print(
        f"\nevent lag, commit to storefront: p50 {lags[len(lags) // 2]:.0f} ms, max {lags[-1]:.0f} ms"
    )
