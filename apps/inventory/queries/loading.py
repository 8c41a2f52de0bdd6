"""Levels and their opening entries by COPY."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from apps.inventory.models import Location
from apps.inventory.queries.stock_holds import HELD

Row = tuple[UUID, UUID, str, int]
"""SKU, location, seller, units."""

_STAGE = """
CREATE TEMPORARY TABLE inventory_loading
    (sku_id uuid, location_id uuid, seller text, on_hand int) ON COMMIT DROP
"""

_MERGE = f"""
WITH levels AS (
    INSERT INTO inventory_stocklevel
        (id, sku_id, location_id, seller, on_hand, reserved, allocated, version, moved_at, held)
    SELECT gen_random_uuid(), sku_id, location_id, seller, on_hand, 0, 0, (on_hand > 0)::int,
           CASE WHEN on_hand > 0 THEN statement_timestamp() END, {HELD}
    FROM inventory_loading t
    ON CONFLICT (sku_id, location_id) DO NOTHING
    RETURNING sku_id, location_id, on_hand, moved_at
), entries AS (
    INSERT INTO inventory_stockmovement
        (id, sku_id, location_id, kind, delta, on_hand_after, version, reason, reference, actor,
         causation_id, created_at)
    SELECT gen_random_uuid(), sku_id, location_id, 'opening', on_hand, on_hand, 1, 'loaded', '', '',
           '', moved_at
    FROM levels WHERE on_hand > 0
)
SELECT sku_id FROM levels
"""


def all_locations() -> dict[str, UUID]:
    """The ids of all locations by their codes."""
    return dict(Location.objects.values_list("code", "id"))


def copy_levels(rows: Sequence[Row]) -> list[UUID]:
    """Write rows into a staging table and merge them; the SKUs of the levels that are new."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS inventory_loading")
        cursor.execute(_STAGE)
        with cursor.copy("COPY inventory_loading FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_MERGE)
        return [sku_id for (sku_id,) in cursor.fetchall()]
