"""How long the look at the books of stock takes after so many orders, and in how much memory.

The orders are made by SQL, for only their traces in stock are looked at: reservations of one to three
lines, most of them shipped, and the movements that they left. One difference is planted, to be found.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import psycopg

from bench.rows import Row, rounded
from bench.shop import ROOT, say

SKUS_PER_ORDER = 10
"""A tenth as many SKUs as orders, so that each has a history."""
_STEPS = """
SELECT setseed(0.5);
CREATE TEMP TABLE sku AS
    SELECT n, ('018cc2aa-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id
    FROM generate_series(0, {skus} - 1) n;
CREATE TEMP TABLE placed AS
    SELECT n, gen_random_uuid() AS id, 1 + (random() * 2)::int AS lines,
           CASE WHEN random() < 0.95 THEN 'SHIPPED' WHEN random() < 0.6 THEN 'CONFIRMED'
                WHEN random() < 0.5 THEN 'RESERVED' ELSE 'CANCELLED' END AS status,
           now() - {orders} * interval '1 second' + n * interval '1 second' AS at
    FROM generate_series(1, {orders}) n;
CREATE TEMP TABLE line AS
    SELECT o.n, o.id AS reservation_id, o.status, o.at,
           ((o.n::bigint * 7919 + l * 104729) % {skus})::int AS sku, 1 + (random() * 3)::int AS units
    FROM placed o, generate_series(1, o.lines) l;
INSERT INTO inventory_reservation (id, order_id, status, expires_at, created_at)
    SELECT id, gen_random_uuid(), status, at + interval '30 minutes', at FROM placed;
INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity, shipped)
    SELECT reservation_id, s.id, {here}, sum(units), sum(CASE status WHEN 'SHIPPED' THEN units ELSE 0 END)
    FROM line JOIN sku s ON s.n = line.sku GROUP BY 1, 2;
CREATE TEMP TABLE entry AS
    SELECT sku, at, -sum(units)::int AS delta, 'shipment' AS kind FROM line
    WHERE status = 'SHIPPED' GROUP BY sku, n, at
    UNION ALL
    SELECT s.n, now() - {orders} * interval '1 second' - interval '1 day',
           coalesce((SELECT sum(units) FROM line WHERE line.sku = s.n), 0)::int + 50, 'opening'
    FROM sku s;
INSERT INTO inventory_stockmovement
    (id, sku_id, location_id, kind, delta, on_hand_after, version, reason, reference, actor, created_at)
    SELECT gen_random_uuid(), s.id, {here}, e.kind, e.delta,
           sum(e.delta) OVER (PARTITION BY e.sku ORDER BY e.at),
           row_number() OVER (PARTITION BY e.sku ORDER BY e.at), '', '', '', e.at
    FROM entry e JOIN sku s ON s.n = e.sku;
INSERT INTO inventory_stocklevel
    (id, sku_id, location_id, seller, on_hand, reserved, allocated, version, moved_at)
    SELECT gen_random_uuid(), s.id, {here}, 'house', m.on_hand,
           coalesce((SELECT sum(units) FROM line WHERE line.sku = s.n AND status = 'RESERVED'), 0),
           coalesce((SELECT sum(units) FROM line WHERE line.sku = s.n AND status = 'CONFIRMED'), 0),
           m.version, m.at
    FROM sku s JOIN (
        SELECT sku_id, sum(delta) AS on_hand, max(version) AS version, max(created_at) AS at
        FROM inventory_stockmovement GROUP BY sku_id) m ON m.sku_id = s.id;
UPDATE inventory_stocklevel SET on_hand = on_hand + 1 WHERE sku_id = (SELECT id FROM sku WHERE n = 0);
"""
PLANTED = "on hand is"


def audit_row(orders: int) -> Row:
    """Make the orders in a shop that has none, and look at the books as an operator does."""
    say(f"making the stock of {orders:,} orders by SQL")
    with _database() as database:
        _make(database, orders)
    say("looking at the books")
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "audit_stock"],
        env={**os.environ, "DATABASE_STATEMENT_TIMEOUT_MS": "0"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    print(done.stdout, end="")
    if done.returncode == 0 or done.stderr.count(PLANTED) != 1:
        raise RuntimeError(f"the planted difference was not found alone:\n{done.stderr}")
    return Row(
        name=f"stock audit, {orders:,} orders",
        clients=1,
        p50Ms=rounded(seconds * 1000, 0),
        perSecond=rounded(orders / seconds, 0),
        megabytes=_peak(done.stdout),
    )


def _make(database: psycopg.Connection, orders: int) -> None:
    row = database.execute("SELECT id FROM inventory_location ORDER BY priority LIMIT 1").fetchone()
    assert row is not None
    # Rows that add up by themselves need no triggers that say so, one by one.
    database.execute("SET session_replication_role = replica")
    database.execute("SET work_mem = '256MB'")
    for table in ("reservationline", "reservation", "stockmovement", "stocklevel"):
        database.execute(f"DELETE FROM inventory_{table}".encode())
    steps = _STEPS.format(orders=orders, skus=max(1, orders // SKUS_PER_ORDER), here=f"'{row[0]}'")
    for step in steps.strip().rstrip(";").split(";\n"):
        database.execute(step.encode())
        if step.startswith("CREATE TEMP TABLE line"):
            database.execute("CREATE INDEX ON line (sku)")
    database.execute("ANALYZE")


@contextmanager
def _database() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        yield database


def _peak(told: str) -> float | None:
    """What the command's process and the database's took together at their most, in MB, as it told."""
    words = told.split()
    before = [word for word, unit in pairwise(words) if unit.rstrip(",") == "MB"]
    return float(sum(map(int, before))) if before else None
