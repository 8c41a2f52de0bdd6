"""The levels of many SKUs in one statement."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.inventory.types import Availability, Level, SkuStock, StockReading
from ecommerce.sql import fetch_all

# A level's counters less its stripes and the holds that ran out, as everywhere that stock is told of.
_LEVELS = """
SELECT statement_timestamp(), w.sku_id, p.code, l.seller, l.on_hand,
       (l.reserved - coalesce(s.free + s.allocated, 0) - coalesce(o.units, 0))::int,
       (l.allocated + coalesce(s.allocated, 0))::int,
       l.damaged, l.incoming, l.held, l.version, l.updated_at
FROM unnest(%(skus)s::uuid[]) AS w(sku_id)
LEFT JOIN (inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
           AND CASE WHEN %(location)s::text IS NULL THEN p.active ELSE p.code = %(location)s END)
    ON l.sku_id = w.sku_id
LEFT JOIN LATERAL (
    SELECT sum(free) AS free, sum(allocated) AS allocated FROM inventory_stripe WHERE level_id = l.id
) s ON true
LEFT JOIN LATERAL (
    SELECT sum(n.quantity - n.released) AS units
    FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
    WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp()
      AND n.sku_id = l.sku_id AND n.location_id = l.location_id
) o ON true
ORDER BY w.sku_id, p.priority, p.code
"""


def read(sku_ids: Collection[UUID], location: str | None) -> StockReading:
    """Levels at the active locations, or at one whether active or not; a SKU without any has zeros."""
    levels: dict[UUID, list[Level]] = defaultdict(list)
    as_of: datetime | None = None
    for moment, sku_id, code, *figures in fetch_all(_LEVELS, skus=list(sku_ids), location=location):
        as_of = moment
        found = levels[sku_id]
        if code is not None:
            found.append(_level(sku_id, code, *figures))
    if as_of is None:
        raise ValueError("no SKUs, no stock")
    return StockReading(
        as_of=as_of, skus={sku_id: _summed(sku_id, found) for sku_id, found in levels.items()}
    )


def _level(sku_id: UUID, code: str, *figures: Any) -> Level:
    seller, on_hand, reserved, allocated, damaged, incoming, held, version, updated_at = figures
    return Level(
        sku_id=sku_id,
        location=code,
        seller=seller,
        on_hand=on_hand,
        reserved=reserved,
        allocated=allocated,
        damaged=damaged,
        incoming=incoming,
        held=held,
        version=version,
        updated_at=updated_at,
    )


def _summed(sku_id: UUID, levels: list[Level]) -> SkuStock:
    return SkuStock(
        total=Availability(
            sku_id=sku_id,
            available=sum(level.available for level in levels),
            on_hand=sum(level.on_hand for level in levels),
            reserved=sum(level.reserved for level in levels),
            allocated=sum(level.allocated for level in levels),
            damaged=sum(level.damaged for level in levels),
            incoming=sum(level.incoming for level in levels),
        ),
        levels=tuple(levels),
    )
