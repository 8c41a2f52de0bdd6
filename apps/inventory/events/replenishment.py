"""What should be bought."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.inventory.replenishment.proposed.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReplenishmentProposed:
    """So many units of a SKU should be bought for a location, or another number than before."""

    proposal_id: UUID
    sku_id: UUID
    location_id: str
    supplier: str
    quantity: int
    reorder_point: int
    order_up_to: int
