"""What PostgreSQL alone does with the same statements: pgbench on the statements that we send."""

import os
import re
import subprocess
import tempfile

import psycopg

from launcher.places import postgres_programs

TABLES = """
CREATE TABLE IF NOT EXISTS bench_stock (sku int PRIMARY KEY, on_hand int CHECK (on_hand >= 0));
CREATE TABLE IF NOT EXISTS bench_row (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), kind int, body jsonb);
CREATE TABLE IF NOT EXISTS bench_cart (id int PRIMARY KEY, version int NOT NULL);
CREATE TABLE IF NOT EXISTS bench_line (cart int, sku int, quantity int, PRIMARY KEY (cart, sku));
INSERT INTO bench_stock SELECT n, 1000000000 FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING;
INSERT INTO bench_cart SELECT n, 1 FROM generate_series(1, 10000) n ON CONFLICT DO NOTHING;
"""
# The least that putting something into a cart does: look at the SKU, write the line, move the cart's
# version on and tell of it, in one commit.
ADD_SCRIPT = """\\set sku random(1, 1000)
\\set cart random(1, 10000)
BEGIN;
SELECT on_hand FROM bench_stock WHERE sku = :sku;
INSERT INTO bench_line VALUES (:cart, :sku, 1)
    ON CONFLICT (cart, sku) DO UPDATE SET quantity = bench_line.quantity + 1;
UPDATE bench_cart SET version = version + 1 WHERE id = :cart;
INSERT INTO bench_row (kind, body) VALUES (1, '{"quantity": 1}');
COMMIT;
"""
# The least that freezing a price does: read the lines and their prices, keep the quote and the checkout.
QUOTE_SCRIPT = """\\set sku random(1, 1000)
\\set cart random(1, 10000)
BEGIN;
SELECT sku, quantity FROM bench_line WHERE cart = :cart;
SELECT on_hand FROM bench_stock WHERE sku = :sku;
INSERT INTO bench_row (kind, body) VALUES (1, '{"quote": 1, "amount": 1999}');
INSERT INTO bench_row (kind, body) VALUES (2, '{"checkout": 1, "amount": 1999}');
INSERT INTO bench_row (kind, body) VALUES (3, '{"event": 1}');
COMMIT;
"""
# The least that a change of stock does: a guarded update, its ledger entry and its event.
ADJUST_SCRIPT = """\\set sku random(1, 1000)
BEGIN;
INSERT INTO bench_row (kind, body) VALUES (1, '{"delta": 1}');
INSERT INTO bench_row (kind, body) VALUES (2, '{"event": 1}');
UPDATE bench_stock SET on_hand = on_hand + 1 WHERE sku = :sku;
COMMIT;
"""
# The least that a sale writes: a guarded update of stock and a row each of cart, line, order, line,
# payment, journal, reservation, checkout, event and idempotency key, in one commit.
_WRITES = "\n".join(
    f'INSERT INTO bench_row (kind, body) VALUES ({kind}, \'{{"quantity": 1, "amount": 1999}}\');'
    for kind in range(10)
)
SALE_SCRIPT = f"""\\set sku random(1, 1000)
BEGIN;
{_WRITES}
UPDATE bench_stock SET on_hand = on_hand - 1 WHERE sku = :sku AND on_hand >= 1;
COMMIT;
"""

# The least that a provider's word does: keep it, book the refund it tells of (attempt, two sides of the
# ledger, its event), move the payment on and mark the word as applied.
WEBHOOK_SCRIPT = """\\set cart random(1, 10000)
BEGIN;
INSERT INTO bench_row (kind, body) VALUES (1, '{"webhook": 1}');
COMMIT;
BEGIN;
INSERT INTO bench_row (kind, body) VALUES (2, '{"refund": 1}');
INSERT INTO bench_row (kind, body) VALUES (3, '{"debit": 1}'), (4, '{"credit": 1}');
INSERT INTO bench_row (kind, body) VALUES (5, '{"event": 1}');
UPDATE bench_cart SET version = version + 1 WHERE id = :cart;
COMMIT;
"""


def prepare_writes() -> None:
    """Make the tables of the floors that write."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(TABLES)


def pgbench(script: str, *, clients: int, seconds: float) -> tuple[float, float]:
    """(mean latency in ms, transactions per second) of the script on the bare database."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [
                *(
                    postgres_programs() / "pgbench",
                    "-n",
                    "-M",
                    "simple",
                    "-f",
                    file.name,
                    "-T",
                    str(max(1, int(seconds))),
                ),
                *("-c", str(clients), "-j", str(min(clients, 2)), "-d", os.environ["DATABASE_URL"]),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench: {done.stderr[-500:]}")
    latency = re.search(r"latency average = ([\d.]+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if latency is None or rate is None:
        raise RuntimeError(f"pgbench told no figures: {done.stdout}")
    return float(latency[1]), float(rate[1])
