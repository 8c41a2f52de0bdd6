"""The tables of inventory."""

from apps.inventory.models.reservation import Reservation, ReservationLine
from apps.inventory.models.stock import Location, StockLevel, StockMovement

__all__ = [
    "Location",
    "Reservation",
    "ReservationLine",
    "StockLevel",
    "StockMovement",
]
