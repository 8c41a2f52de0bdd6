"""The levels of many SKUs in one statement."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.inventory.types import Availability, Level, SkuStock, StockReading
from ecommerce.sql import fetch_all

_LEVELS = """
SELECT w.sku_id, p.code, l.seller, l.on_hand, l.reserved, l.allocated, l.version, l.updated_at,
       statement_timestamp()
FROM unnest(%(skus)s::uuid[]) AS w(sku_id)
LEFT JOIN (inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
           AND CASE WHEN %(location)s::text IS NULL THEN p.active ELSE p.code = %(location)s END)
    ON l.sku_id = w.sku_id
ORDER BY w.sku_id, p.priority, p.code
"""


def read(sku_ids: Collection[UUID], location: str | None) -> StockReading:
    """Levels at the active locations, or at one whether active or not; a SKU without any has zeros."""
    levels: dict[UUID, list[Level]] = defaultdict(list)
    as_of: datetime | None = None
    for (
        sku_id,
        code,
        seller,
        on_hand,
        reserved,
        allocated,
        version,
        updated_at,
        moment,
    ) in fetch_all(_LEVELS, skus=list(sku_ids), location=location):
        as_of = moment
        found = levels[sku_id]
        if code is None:
            continue
        found.append(
            Level(
                sku_id=sku_id,
                location=code,
                seller=seller,
                on_hand=on_hand,
                reserved=reserved,
                allocated=allocated,
                version=version,
                updated_at=updated_at,
            )
        )
    if as_of is None:
        raise ValueError("no SKUs, no stock")
    return StockReading(
        as_of=as_of, skus={sku_id: _summed(sku_id, found) for sku_id, found in levels.items()}
    )


def _summed(sku_id: UUID, levels: list[Level]) -> SkuStock:
    return SkuStock(
        total=Availability(
            sku_id=sku_id,
            available=sum(level.available for level in levels),
            on_hand=sum(level.on_hand for level in levels),
            reserved=sum(level.reserved for level in levels),
            allocated=sum(level.allocated for level in levels),
        ),
        levels=tuple(levels),
    )
