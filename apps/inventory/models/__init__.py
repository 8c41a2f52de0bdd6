"""The tables of inventory."""

from apps.inventory.models.reservation import Reservation, ReservationLine
from apps.inventory.models.stock import Location, MovementKey, StockLevel, StockMovement

__all__ = [
    "Location",
    "MovementKey",
    "Reservation",
    "ReservationLine",
    "StockLevel",
    "StockMovement",
]
