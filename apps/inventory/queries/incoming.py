"""Units on their way: each change told once, and the level that follows from it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from apps.inventory.queries.stock_holds import HELD

Change = tuple[UUID, UUID, str, int, str]
"""SKU, location, seller, delta, reference."""

_LOCK = f"""
WITH expected AS (
    INSERT INTO inventory_stocklevel
        (id, sku_id, location_id, seller, on_hand, reserved, allocated, version, held)
    SELECT gen_random_uuid(), t.sku_id, t.location_id, min(t.seller), 0, 0, 0, 0, {HELD}
    FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(sellers)s::text[])
         AS t(sku_id, location_id, seller)
    WHERE NOT EXISTS (
        SELECT FROM inventory_stocklevel l
        WHERE l.sku_id = t.sku_id AND l.location_id = t.location_id)
    GROUP BY t.sku_id, t.location_id ORDER BY t.sku_id, t.location_id
    ON CONFLICT (sku_id, location_id) DO NOTHING
)
SELECT l.id FROM inventory_stocklevel l WHERE l.sku_id = ANY(%(skus)s::uuid[])
ORDER BY l.sku_id, l.location_id FOR UPDATE
"""

# A second transaction with the same reference waits here for the first, and then passes it over.
_CHANGE = """
WITH fresh AS (
    INSERT INTO inventory_incomingchange (sku_id, location_id, delta, reference)
    SELECT * FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(deltas)s::int[],
                         %(references)s::text[])
    ON CONFLICT (reference) DO NOTHING
    RETURNING sku_id, location_id, delta
), sums AS (
    SELECT sku_id, location_id, sum(delta) AS delta FROM fresh GROUP BY 1, 2
), moved AS (
    UPDATE inventory_stocklevel l SET incoming = l.incoming + s.delta, updated_at = now()
    FROM sums s WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
SELECT count(*) FROM fresh
"""


def hold(sku_ids: Sequence[UUID], location_id: UUID, seller: str) -> None:
    """Lock the levels of the SKUs, in order, and make those that a location has not had yet."""
    columns: dict[str, Any] = {
        "skus": list(sku_ids),
        "locations": [location_id] * len(sku_ids),
        "sellers": [seller] * len(sku_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, columns)


def change(changes: Sequence[Change]) -> int:
    """Lock the levels in order, write what is new, and say how many changes that were."""
    skus, locations, sellers, deltas, references = map(list, zip(*changes, strict=True))
    columns = {
        "skus": skus,
        "locations": locations,
        "sellers": sellers,
        "deltas": deltas,
        "references": references,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, columns)
        cursor.execute(_CHANGE, columns)
        return int(cursor.fetchone()[0])
