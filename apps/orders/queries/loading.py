"""Orders that were made elsewhere, by COPY; their steps as set-based updates, so that every guard holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

_ORDER = (
    "id", "number", "merchant", "channel", "locale", "currency", "status", "status_reason",
    "status_actor", "version", "checkout_id", "quote_id", "payment_id", "customer_id",
    "guest_token_hash", "prices_include_tax", "subtotal_minor", "discount_minor",
    "shipping_minor", "shipping_tax_minor", "tax_minor", "total_minor", "shipping_method",
    "coupon_codes", "placed_at", "updated_at",
)  # fmt: skip
_LINE = (
    "order_id", "id", "position", "sku_id", "sku_code", "product_id", "title", "seller", "quantity",
    "unit_price_minor", "subtotal_minor", "discount_minor", "tax_minor", "tax_rate", "total_minor",
)  # fmt: skip
_ADDRESS = (
    "order_id", "id", "kind", "email", "name", "company", "line1", "line2", "city", "postal_code",
    "region", "country", "phone",
)  # fmt: skip
_STEP = ("order_id", "round", "status", "reason", "at")

_STAGES = """
DROP TABLE IF EXISTS orders_loading, orders_loading_line, orders_loading_address, orders_loading_step;
CREATE TEMPORARY TABLE orders_loading (LIKE orders_order INCLUDING DEFAULTS) ON COMMIT DROP;
CREATE TEMPORARY TABLE orders_loading_line (LIKE orders_orderline) ON COMMIT DROP;
CREATE TEMPORARY TABLE orders_loading_address (LIKE orders_orderaddress) ON COMMIT DROP;
CREATE TEMPORARY TABLE orders_loading_step
    (order_id uuid, round int, status text, reason text, at timestamptz) ON COMMIT DROP
"""

# What is there already stays as it is, with all that belongs to it.
_MERGE = """
WITH placed AS (
    INSERT INTO orders_order ({order}) SELECT {order} FROM orders_loading
    ON CONFLICT DO NOTHING RETURNING id
), lines AS (
    INSERT INTO orders_orderline ({line})
    SELECT {line} FROM orders_loading_line WHERE order_id IN (SELECT id FROM placed)
), addresses AS (
    INSERT INTO orders_orderaddress ({address})
    SELECT {address} FROM orders_loading_address WHERE order_id IN (SELECT id FROM placed)
)
SELECT id FROM placed
""".format(order=", ".join(_ORDER), line=", ".join(_LINE), address=", ".join(_ADDRESS))

_TAKE_STEP = """
UPDATE orders_order o
SET status = s.status, status_reason = s.reason, status_actor = 'loaded', version = version + 1,
    updated_at = s.at, paid_minor = CASE s.status WHEN 'PAID' THEN total_minor ELSE paid_minor END
FROM orders_loading_step s
WHERE s.order_id = o.id AND s.round = %s AND o.id = ANY(%s)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedRows:
    """A batch of orders as rows of their tables."""

    orders: list[Mapping[str, Any]] = field(default_factory=list)
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    addresses: list[Mapping[str, Any]] = field(default_factory=list)
    steps: list[Mapping[str, Any]] = field(default_factory=list)


def copy_orders(rows: LoadedRows) -> set[UUID]:
    """Write the orders that are not there yet and take their steps; which ones that was."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGES)
        _copy(cursor, "orders_loading", _ORDER, rows.orders)
        _copy(cursor, "orders_loading_line", _LINE, rows.lines)
        _copy(cursor, "orders_loading_address", _ADDRESS, rows.addresses)
        _copy(cursor, "orders_loading_step", _STEP, rows.steps)
        cursor.execute(_MERGE)
        placed = {order_id for (order_id,) in cursor.fetchall()}
        for number in range(1, max((step["round"] for step in rows.steps), default=0) + 1):
            cursor.execute(_TAKE_STEP, [number, list(placed)])
    return placed


def _copy(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])
