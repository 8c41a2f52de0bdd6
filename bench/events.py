"""How soon an event has its effect, and how fast a backlog of them is worked off."""

import time
from uuid import UUID

from django.db import connection, transaction

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields
from bench.scenarios import API, PlainClient
from ecommerce.clock import now
from ecommerce.events.draining import drain

ROUNDS = 40
BACKLOG_PRODUCTS = 2_000
_MOVE = """
WITH moved AS (DELETE FROM bench_outbox RETURNING *)
INSERT INTO bench_log SELECT row_number() OVER (), * FROM moved
"""


def event_lag(url: str) -> tuple[float, float]:
    """p50 and p95 in ms, from the commit of a change to the storefront that shows it."""
    shopper = PlainClient(url)
    page = shopper.call("GET", f"{API}/storefront/catalog?pageSize=1")["results"][0]
    lags = []
    for turn in range(ROUNDS):
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
    return lags[len(lags) // 2], lags[int(len(lags) * 0.95)]


def drain_rate() -> tuple[float, float]:
    """(events handled per second while a backlog is worked off, rows moved per second by SQL alone)."""
    drain(seconds=60)
    with transaction.atomic():
        for number in range(BACKLOG_PRODUCTS):
            catalog.create_product(ProductFields(title=f"Backlog {number}"), now=now())
    before, started = _handled(), time.perf_counter()
    drain(seconds=300)  # beside the worker, which does the same
    seconds = time.perf_counter() - started
    return (_handled() - before) / seconds, _moved_by_sql(BACKLOG_PRODUCTS)


def _handled() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(handled) FROM event_offset")
        (handled,) = cursor.fetchone()
    return int(handled)


def _moved_by_sql(rows: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_outbox (id bigint, body jsonb);"
            "CREATE TABLE IF NOT EXISTS bench_log (position bigint, id bigint, body jsonb)"
        )
        cursor.execute(
            'INSERT INTO bench_outbox SELECT n, \'{"productId": 1, "title": "Backlog"}\''
            " FROM generate_series(1, %s) n",
            [rows],
        )
        started = time.perf_counter()
        cursor.execute(_MOVE)
        return rows / (time.perf_counter() - started)
