"""Prices by the thousand: COPY in, and end many at one instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.pricing.models import Price
from ecommerce.sql import copy_rows

_COLUMNS = (
    "id", "price_list_id", "sku_id", "min_quantity", "amount_minor", "compare_at_minor",
    "valid_during", "begun", "replaces_id", "reason", "actor_id", "version", "created_at",
)  # fmt: skip
_NAMES = ", ".join(_COLUMNS)
_STAGE = "CREATE TEMPORARY TABLE pricing_staged (LIKE pricing_price) ON COMMIT DROP"
# DO NOTHING meets the exclusion constraint too: a period that is taken is skipped, not an error.
_MERGE = f"""
INSERT INTO pricing_price ({_NAMES}) SELECT {_NAMES} FROM pricing_staged
ON CONFLICT DO NOTHING RETURNING id
"""

# A price that began at this very instant never held: it is withdrawn, for a period cannot be empty.
_END = """
UPDATE pricing_price
SET valid_during = CASE WHEN lower(valid_during) < %(at)s
                        THEN tstzrange(lower(valid_during), %(at)s) ELSE valid_during END,
    withdrawn_at = CASE WHEN lower(valid_during) < %(at)s THEN NULL ELSE %(at)s::timestamptz END,
    version = version + 1
WHERE id = ANY(%(ids)s)
"""


def period(start: datetime, end: datetime | None) -> DateTimeTZRange:
    """From ``start`` on, until just before ``end``."""
    return DateTimeTZRange(start, end, "[)")


def copy_prices(rows: Sequence[Price]) -> set[UUID]:
    """Inside a transaction: write what does not overlap, and tell which rows that was."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pricing_staged")
        cursor.execute(_STAGE)
        copy_rows("pricing_staged", _COLUMNS, map(_row, rows))
        cursor.execute(_MERGE)
        return {written for (written,) in cursor.fetchall()}


def insert_prices(rows: Sequence[Price]) -> None:
    """Write them all, or none: django.db.IntegrityError where one overlaps another."""
    if rows:
        copy_rows("pricing_price", _COLUMNS, map(_row, rows))


def _row(price: Price) -> tuple[Any, ...]:
    lower, upper = price.valid_during.lower, price.valid_during.upper
    return (
        price.id.hex,
        price.price_list_id,
        price.sku_id,
        price.min_quantity,
        price.amount_minor,
        price.compare_at_minor,
        f"[{lower.isoformat()},{upper.isoformat() if upper else ''})",
        price.begun,
        price.replaces_id,
        price.reason,
        price.actor_id,
        price.version,
        price.created_at,
    )


def end_prices(ids: Sequence[UUID], at: datetime) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_END, {"ids": list(ids), "at": at})
