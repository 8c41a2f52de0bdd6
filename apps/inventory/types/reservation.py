"""Holds on stock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

ReservationStatus = Literal["RESERVED", "CONFIRMED", "CANCELLED", "RELEASED", "EXPIRED", "SHIPPED"]


HoldType = Literal["soft", "hard"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StockLine:
    """So many units of a SKU, or so many kits.

    ``locations`` are codes to be served from first, in this order, before all others; ``only`` from
    nowhere else.
    """

    sku_id: UUID
    quantity: int
    locations: tuple[str, ...] = ()
    only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ReserveStock:
    """Hold stock under ``order_id``, which holds once: an order's id, or one made for the occasion.

    Asked again for the same units it answers with what is held; for others it is refused.
    ``reference`` names another caller (a cart, a quote), who may have any number of holds. Without
    ``expires_at`` the hold ends 30 minutes from now by the database's clock. With ``allow_partial`` it
    holds what there is, if there is anything, and the answer says what is short.
    """

    order_id: UUID
    lines: tuple[StockLine, ...]
    expires_at: datetime | None = None
    reference: str = ""
    allow_partial: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservedLine:
    """Units of a SKU held at one location; a SKU that was split over locations has several."""

    sku_id: UUID
    location: str
    quantity: int
    shipped: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldKit:
    """Kits that are held: ``components`` are units per kit, as it was made up then; they are in the lines."""

    sku_id: UUID
    quantity: int
    shipped: int
    components: Mapping[UUID, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class BackorderedLine:
    """Units promised that were not there: ``open`` ones are waited for, filled ones are in the lines."""

    sku_id: UUID
    quantity: int
    filled: int = 0
    cancelled: int = 0
    promised_at: datetime | None = None

    @property
    def open(self) -> int:
        return self.quantity - self.filled - self.cancelled


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortage:
    """A SKU of which less is available than was asked."""

    sku_id: UUID
    requested: int
    available: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """What is held for an order, and where. ``short`` is what could not be had when it was made, and how much could."""

    id: UUID
    order_id: UUID
    status: ReservationStatus
    expires_at: datetime
    created_at: datetime
    lines: tuple[ReservedLine, ...]
    reference: str = ""
    kits: tuple[HeldKit, ...] = ()
    backordered: tuple[BackorderedLine, ...] = ()
    short: tuple[Shortage, ...] = ()

    @property
    def hold_type(self) -> HoldType:
        """Soft until the order is paid for, hard from then on."""
        return "soft" if self.status in {"RESERVED", "EXPIRED"} else "hard"
