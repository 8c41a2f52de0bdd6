"""Allocations: which locations send an order, why, and how far that is."""

from apps.inventory.services.allocation._allocate import (
    allocate_order,
    allocate_paid,
    route_allocations,
)
from apps.inventory.services.allocation._follow import (
    after_pick,
    note_packed,
    note_picking,
    note_put_back,
    note_released,
    note_shipped,
    release_allocation,
)
from apps.inventory.services.allocation._read import get_allocation

__all__ = [
    "after_pick",
    "allocate_order",
    "allocate_paid",
    "get_allocation",
    "note_packed",
    "note_picking",
    "note_put_back",
    "note_released",
    "note_shipped",
    "release_allocation",
    "route_allocations",
]
