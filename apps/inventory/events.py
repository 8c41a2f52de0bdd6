"""The facts that inventory announces. Stock events are keyed by SKU, reservations by order."""

from dataclasses import dataclass
from datetime import datetime
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
    """A ledger entry. ``new_balance`` is the on-hand after it."""

    movement_id: UUID
    sku_id: UUID
    location_id: str
    type: str
    delta: int
    prev_balance: int
    new_balance: int
    causation_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldItem:
    """Units of a SKU at one location."""

    sku_id: UUID
    quantity: int
    location_id: str


@event("ecommerce.inventory.reservation.created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationCreated:
    """Stock is held for an order until ``expires_at``."""

    reservation_id: UUID
    order_id: UUID
    expires_at: datetime
    items: tuple[HeldItem, ...]


@event("ecommerce.inventory.reservation.confirmed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationConfirmed:
    """The held stock is allocated to the order for good."""

    reservation_id: UUID
    order_id: UUID
    items: tuple[HeldItem, ...]


@event("ecommerce.inventory.reservation.cancelled.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationCancelled:
    """The order gave its stock back."""

    reservation_id: UUID
    order_id: UUID
    reason: str
    items: tuple[HeldItem, ...]


@event("ecommerce.inventory.reservation.released.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationReleased:
    """An operator gave the order's stock back."""

    reservation_id: UUID
    order_id: UUID
    reason: str
    items: tuple[HeldItem, ...]


@event("ecommerce.inventory.reservation.expired.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationLapsed:
    """Nobody paid in time; the stock is for sale again."""

    reservation_id: UUID
    order_id: UUID
    items: tuple[HeldItem, ...]
