"""What changed in the stock of a SKU."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.inventory.stock.adjusted.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockAdjusted:
    """Someone corrected what is on hand."""

    sku_id: UUID
    location_id: str
    delta: int
    on_hand: int
    reason: str
    movement_id: UUID


@event("ecommerce.inventory.stock.depleted.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockDepleted:
    """The last unit that could be promised is gone."""

    sku_id: UUID


@event("ecommerce.inventory.stock.replenished.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class StockReplenished:
    """A SKU that had run out can be sold again."""

    sku_id: UUID
    available: int


@event("ecommerce.inventory.onhand.updated.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OnHandUpdated:
    """What lies at a location changed, for whatever cause."""

    sku_id: UUID
    location_id: str
    on_hand: int
    delta: int
    causation_id: str


@event("ecommerce.inventory.available.updated.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AvailableUpdated:
    """What can be promised of a SKU, over all active locations, is now this."""

    sku_id: UUID
    available: int


@event("ecommerce.inventory.movement.recorded.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MovementRecorded:
    """A ledger entry. ``new_balance`` is the on-hand after it, ``damaged_balance`` what cannot be sold."""

    movement_id: UUID
    sku_id: UUID
    location_id: str
    type: str
    delta: int
    prev_balance: int
    new_balance: int
    causation_id: str
    damaged_delta: int = 0
    damaged_balance: int = 0
