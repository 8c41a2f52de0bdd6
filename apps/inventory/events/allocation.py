"""What became of an allocation. Keyed by the order."""

from dataclasses import dataclass
from uuid import UUID

from apps.inventory.events.reservation import HeldItem
from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationFacts:
    """An order's units, and where each are."""

    allocation_id: UUID
    order_id: UUID
    reservation_id: UUID
    items: tuple[HeldItem, ...]


@event("ecommerce.inventory.allocation.created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationCreated(AllocationFacts):
    """It is decided which locations send the order."""


@event("ecommerce.inventory.allocation.completed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationCompleted(AllocationFacts):
    """All of it has left."""


@event("ecommerce.inventory.allocation.released.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationReleased(AllocationFacts):
    """The stock was given back."""

    reason: str


@event("ecommerce.inventory.allocation.failed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationFailed(AllocationFacts):
    """Units of it were not found where they should be, and nowhere else are any; ``items`` are those."""

    reason: str
