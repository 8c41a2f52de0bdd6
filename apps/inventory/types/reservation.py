"""Holds on stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

ReservationStatus = Literal["RESERVED", "CONFIRMED", "CANCELLED", "RELEASED", "EXPIRED", "SHIPPED"]


HoldType = Literal["soft", "hard"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StockLine:
    """So many units of a SKU."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReserveStock:
    """Hold stock for an order. Without ``expires_at`` the hold ends 30 minutes from now by the database's clock."""

    order_id: UUID
    lines: tuple[StockLine, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservedLine:
    """Units of a SKU held at one location; a SKU that was split over locations has several."""

    sku_id: UUID
    location: str
    quantity: int
    shipped: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """What is held for an order, and where."""

    id: UUID
    order_id: UUID
    status: ReservationStatus
    expires_at: datetime
    created_at: datetime
    lines: tuple[ReservedLine, ...]

    @property
    def hold_type(self) -> HoldType:
        """Soft until the order is paid for, hard from then on."""
        return "soft" if self.status in {"RESERVED", "EXPIRED"} else "hard"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortage:
    """A SKU of which less is available than was asked."""

    sku_id: UUID
    requested: int
    available: int
