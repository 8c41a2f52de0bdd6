"""A copy made by SQL is what the rooms' services and the events would have made of the same things."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from apps.catalog import services as catalog
from apps.catalog.types import Product
from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.orders.types import LoadedOrder
from apps.pricing import services as pricing
from bench import cloning
from bench.cloning import ORDERS, PRODUCTS, SEED, copied_text
from ecommerce import clock
from ecommerce.events.testing import drain
from sampleshop.generating import run
from sampleshop.generating.orders import order_of
from sampleshop.generating.products import prices_of, product_of, stock_of
from sampleshop.screen import Screen

PRODUCT_COUNT, ORDER_COUNT, COPY = 12, 15, 3
# What no two loads have alike: ids that nothing else names, and the time of loading.
_OF_THE_DAY = (
    "- 'id' - 'price_id' - 'recorded_at' - 'created_at' - 'updated_at' - 'seen_at' - 'moved_at'"
    " - 'began_at'"
)
_COPIES = f"strpos(told::text, '-8{COPY:03x}-') > 0"


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr("sampleshop.pictures.SIDE", 16)
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_what_services_and_events_would_have_made() -> None:
    generate()
    with database() as session, session.transaction():
        for copy in (COPY - 1, COPY):
            cloning.copy_sample(session, PRODUCTS + ORDERS, range(copy, copy + 1))
        cloning.recount(session)
    by_sql, counted = copies(), counts()
    forget_copies()
    assert not any(copies().values())

    load_the_same_by_services()

    assert copies() == by_sql
    assert counts() == counted
    assert {"search_document", "search_listing", "catalog_sku", "orders_order"} <= set(by_sql)
    assert len(by_sql["search_document"]) == PRODUCT_COUNT
    assert len(by_sql["orders_order"]) == ORDER_COUNT


def generate() -> None:
    run.generate(
        Screen(io.StringIO()), products=PRODUCT_COUNT, order_count=ORDER_COUNT, seed=SEED,
        now=clock.now(),
    )  # fmt: skip
    drain()


def database() -> psycopg.Connection[Any]:
    of = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: of[name] for name in names if name in of}, autocommit=True)


def tables() -> Iterator[str]:
    with database() as session:
        yield from cloning._tables(session, PRODUCTS + ORDERS)


def copies() -> dict[str, list[str]]:
    """Every row that names a copy, without what differs from load to load, by table."""
    found = {}
    with database() as session:
        for table in tables():
            rows = session.execute(
                f"SELECT (told {_OF_THE_DAY})::text FROM (SELECT to_jsonb(t) AS told FROM {table} t) row"
                f" WHERE {_COPIES}"
            ).fetchall()
            if rows:
                found[table] = sorted(row for (row,) in rows)
    return found


def counts() -> list[Any]:
    """What the storefront counts over all products."""
    with database() as session:
        return session.execute("SELECT * FROM search_facetcount ORDER BY 1, 2, 3, 4, 5").fetchall()


def forget_copies() -> None:
    with database() as session:
        session.execute("SET session_replication_role = replica")
        for table in tables():
            session.execute(
                f"DELETE FROM {table} t USING (SELECT ctid, to_jsonb(x) AS told FROM {table} x) row"
                f" WHERE t.ctid = row.ctid AND {_COPIES}"
            )
        cloning.recount(session)


def load_the_same_by_services() -> None:
    """The sample's things once more under a copy's ids, and their events to everybody."""
    world = run._world(Screen(io.StringIO()), SEED, now=clock.now())
    numbers = range(PRODUCT_COUNT)
    catalog.load_products(copied_product(product_of(world, number)) for number in numbers)
    prices = (price for number in numbers for price in prices_of(world, number))
    pricing.load_prices(
        (replace(price, sku_id=copied(price.sku_id)) for price in prices), now=clock.now()
    )
    levels = (level for number in numbers for level in stock_of(world, number))
    inventory.load_stock(replace(level, sku_id=copied(level.sku_id)) for level in levels)
    orders.load_orders(
        copied_order(order_of(SEED, number, products=PRODUCT_COUNT))
        for number in range(ORDER_COUNT)
    )
    drain()


def copied(key: UUID) -> UUID:
    return UUID(copied_text(str(key), COPY))


def copied_product(product: Product) -> Product:
    key = copied(product.product_id)
    return replace(
        product,
        product_id=key,
        slug=copied_text(product.slug, COPY),
        skus=tuple(
            replace(
                sku, sku_id=copied(sku.sku_id), product_id=key, code=copied_text(sku.code, COPY)
            )
            for sku in product.skus
        ),
    )


def copied_order(order: LoadedOrder) -> LoadedOrder:
    placed = order.placed
    assert placed.customer_id is not None
    assert placed.payment_id is not None
    return replace(
        order,
        number=copied_text(order.number, COPY),
        placed=replace(
            placed,
            order_id=copied(placed.order_id),
            checkout_id=copied(placed.checkout_id),
            quote_id=copied(placed.quote_id),
            payment_id=copied(placed.payment_id),
            customer_id=copied(placed.customer_id),
            email=copied_text(placed.email, COPY),
            lines=tuple(
                replace(
                    line,
                    line_id=copied(line.line_id),
                    sku_id=copied(line.sku_id),
                    product_id=copied(line.product_id),
                    sku_code=copied_text(line.sku_code, COPY),
                )
                for line in placed.lines
            ),
        ),
    )
