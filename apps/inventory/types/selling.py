"""What a channel may sell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.inventory.types.stock import Availability


@dataclass(frozen=True, kw_only=True, slots=True)
class Sellable:
    """What a channel may sell: ``available`` has its buffers taken off. What was committed before ``as_of`` is in it."""

    as_of: datetime
    skus: Mapping[UUID, Availability]


@dataclass(frozen=True, kw_only=True, slots=True)
class Buffer:
    """Units held back from a channel: of one SKU, or of every one that has no buffer of its own."""

    id: UUID
    channel: str
    units: int
    sku_id: UUID | None = None
