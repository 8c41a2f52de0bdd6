"""The tables of inventory."""

from apps.inventory.models.policy import KitComponent, StockPolicy, Stripe
from apps.inventory.models.reservation import (
    Backorder,
    Reservation,
    ReservationLine,
    ReservedKit,
)
from apps.inventory.models.stock import Location, StockLevel, StockMovement

__all__ = [
    "Backorder",
    "KitComponent",
    "Location",
    "Reservation",
    "ReservationLine",
    "ReservedKit",
    "StockLevel",
    "StockMovement",
    "StockPolicy",
    "Stripe",
]
