"""What became of a hold."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.events.registry import event


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
