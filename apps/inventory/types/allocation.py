"""Which locations send an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

AllocationStatus = Literal[
    "ALLOCATED", "PICKING", "PICKED", "PACKED", "SHIPPED", "RELEASED", "FAILED"
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """So many units of a SKU from a location."""

    sku_id: UUID
    location: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocateOrder:
    """Decide which locations send what is reserved for an order.

    ``picks`` says it outright; without, the channel's policy does. Of the destination the country is
    known, or where it is (degrees), or nothing.
    """

    order_id: UUID
    channel: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocatedLine:
    """Units of a SKU at a location: to be sent, picked so far, gone. ``lots``: those that would go first."""

    sku_id: UUID
    location: str
    quantity: int
    picked: int
    shipped: int
    lots: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocation:
    """Where an order's units are sent from, how far that is, and why it is so."""

    id: UUID
    order_id: UUID
    reservation_id: UUID
    status: AllocationStatus
    channel: str
    country: str
    created_at: datetime
    updated_at: datetime
    decision: dict[str, Any]
    lines: tuple[AllocatedLine, ...]
