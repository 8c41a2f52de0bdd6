"""What a level's counters do not say by themselves: its stripes, and holds that ran out."""

from uuid import UUID

from django.db import connection

_CORRECTIONS = """
SELECT x.location_id, sum(x.reserved)::int, sum(x.allocated)::int FROM (
    SELECT l.location_id, -(s.free + s.allocated) AS reserved, s.allocated
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    WHERE l.sku_id = %(sku_id)s
    UNION ALL
    SELECT n.location_id, -(n.quantity - n.released), 0
    FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
    WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp() AND n.sku_id = %(sku_id)s
) x GROUP BY 1
"""


def corrections(sku_id: UUID) -> dict[UUID, tuple[int, int]]:
    """By location, what to add to the reserved and allocated of a SKU's levels."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, {"sku_id": sku_id})
        return {
            location: (reserved, allocated) for location, reserved, allocated in cursor.fetchall()
        }
