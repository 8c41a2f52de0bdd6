"""Stock of many SKUs at one moment."""

from collections.abc import Collection
from uuid import UUID

from apps.inventory.queries import levels
from apps.inventory.services._write import location_ids
from apps.inventory.types import StockReading


def read_stock(*, sku_ids: Collection[UUID], location: str | None = None) -> StockReading:
    """Levels and their sums over the active locations, or at one: one statement for all SKUs.

    Raises UnknownLocation.
    """
    if not sku_ids:
        raise ValueError("the stock of no SKU")
    if location is not None:
        location_ids(location)
    return levels.read(sku_ids, location)
