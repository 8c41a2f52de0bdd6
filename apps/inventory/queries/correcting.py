"""What a level's counters do not say by themselves: its stripes, and holds that ran out."""

from uuid import UUID

from ecommerce.sql import fetch_all

_CORRECTIONS = """
SELECT x.location_id, sum(x.reserved)::bigint, sum(x.allocated)::bigint FROM (
    SELECT l.location_id, -(s.free + s.allocated) AS reserved, s.allocated
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    WHERE l.{column} = %(wanted)s
    UNION ALL
    SELECT n.location_id, -(n.quantity - n.released), 0
    FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
    WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp() AND n.{column} = %(wanted)s
) x GROUP BY 1
"""
_OF_SKU = _CORRECTIONS.format(column="sku_id")
_AT_LOCATION = _CORRECTIONS.format(column="location_id")


def corrections(sku_id: UUID) -> dict[UUID, tuple[int, int]]:
    """By location, what to add to the reserved and allocated of a SKU's levels."""
    rows = fetch_all(_OF_SKU, wanted=sku_id)
    return {location: (reserved, allocated) for location, reserved, allocated in rows}


def corrections_at(location_id: UUID) -> tuple[int, int]:
    """What to add to the reserved and allocated of all that lies at a location."""
    rows = fetch_all(_AT_LOCATION, wanted=location_id)
    return (rows[0][1], rows[0][2]) if rows else (0, 0)
