"""Stock of many SKUs at one moment."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from apps.inventory.queries import levels, reading
from apps.inventory.services._write import location_ids
from apps.inventory.types import StockReading


def read_stock(*, sku_ids: Collection[UUID], location: str | None = None) -> StockReading:
    """Levels and their sums over the active locations, or at one: two statements for all SKUs, or one.

    Raises UnknownLocation.
    """
    if not sku_ids:
        raise ValueError("the stock of no SKU")
    if location is not None:
        location_ids(location)
    stock = levels.read(sku_ids, location)
    if location is not None:
        return stock
    totals = reading.availability(sku_ids)
    return replace(
        stock,
        skus={key: replace(one, total=totals[key]) for key, one in stock.skus.items()},
    )
