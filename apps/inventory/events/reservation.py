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


@dataclass(frozen=True, kw_only=True, slots=True)
class BackorderedItem:
    """Units of a SKU that were promised and are not there yet."""

    sku_id: UUID
    quantity: int
    promised_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortItem:
    """A SKU of which less was available than was asked."""

    sku_id: UUID
    requested: int
    available: int


@event("ecommerce.inventory.reservation.created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationCreated:
    """Stock is held for an order until ``expires_at``."""

    reservation_id: UUID
    order_id: UUID
    expires_at: datetime
    items: tuple[HeldItem, ...]
    reference: str = ""
    backordered: tuple[BackorderedItem, ...] = ()


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


@event("ecommerce.inventory.reservation.failed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationFailed:
    """Nothing could be held, or what was held ran out and has gone to others."""

    order_id: UUID
    reason: str
    items: tuple[ShortItem, ...]
    reference: str = ""


@event("ecommerce.inventory.order_reservation.reserved.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReserved:
    """The order has its stock for a while: time to charge the customer."""

    order_id: UUID
    reservation_id: UUID
    expires_at: datetime


@event("ecommerce.inventory.order_reservation.committed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCommitted:
    """The stock is the order's for good."""

    order_id: UUID
    reservation_id: UUID


@event("ecommerce.inventory.order_reservation.released.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReleased:
    """The order has no stock any more; ``reason`` is a word, or what was given as one."""

    order_id: UUID
    reservation_id: UUID
    reason: str


@event("ecommerce.inventory.order_reservation.failed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReservationFailed:
    """There is not enough for the order."""

    order_id: UUID
    reason: str
