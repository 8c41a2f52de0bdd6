"""Stock as it was at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.inventory.types.stock import SkuStock


@dataclass(frozen=True, kw_only=True, slots=True)
class StockReading:
    """Levels of many SKUs, read in one statement. What was committed before ``as_of`` is in it."""

    as_of: datetime
    skus: Mapping[UUID, SkuStock]
