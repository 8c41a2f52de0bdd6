"""Prices by the thousand: COPY in, and end many at one instant."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apps.pricing.models import Price

_COLUMNS = (
    "id, price_list_id, sku_id, min_quantity, amount_minor, compare_at_minor, valid_during, begun,"
    " reason, version, created_at"
)
_STAGE = "CREATE TEMPORARY TABLE pricing_staged (LIKE pricing_price) ON COMMIT DROP"
# DO NOTHING meets the exclusion constraint too: a period that is taken is skipped, not an error.
_MERGE = f"""
INSERT INTO pricing_price ({_COLUMNS}) SELECT {_COLUMNS} FROM pricing_staged
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
        with cursor.copy(f"COPY pricing_staged ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    (
                        row.id,
                        row.price_list_id,
                        row.sku_id,
                        row.min_quantity,
                        row.amount_minor,
                        row.compare_at_minor,
                        row.valid_during,
                        row.begun,
                        row.reason,
                        row.version,
                        row.created_at,
                    )
                )
        cursor.execute(_MERGE)
        return {written for (written,) in cursor.fetchall()}


def end_prices(ids: Sequence[UUID], at: datetime) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_END, {"ids": list(ids), "at": at})
