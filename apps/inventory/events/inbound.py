"""What became of a delivery. Keyed by it."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpectedUnits:
    """Units of a SKU to come."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivedUnits:
    """Units of a SKU that came: good ones and broken ones."""

    sku_id: UUID
    received: int
    damaged: int


@event("ecommerce.inventory.inbound.created.v1", key="inbound_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class InboundCreated:
    """A delivery is expected."""

    inbound_id: UUID
    number: str
    purchase_order_id: UUID | None
    location_id: str
    items: tuple[ExpectedUnits, ...]


@event("ecommerce.inventory.inbound.received.v1", key="inbound_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class InboundReceived:
    """A part of a delivery, or all of it, was unloaded."""

    inbound_id: UUID
    receipt_id: UUID
    purchase_order_id: UUID | None
    location_id: str
    complete: bool
    items: tuple[ArrivedUnits, ...]


@event("ecommerce.inventory.inbound.adjusted.v1", key="inbound_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class InboundAdjusted:
    """A difference was found (OPEN) or settled."""

    inbound_id: UUID
    discrepancy_id: UUID
    sku_id: UUID
    kind: str
    quantity: int
    state: str
