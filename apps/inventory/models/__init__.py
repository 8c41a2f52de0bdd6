"""The tables of inventory."""

from apps.inventory.models.reservation import Reservation, ReservationLine
from apps.inventory.models.sealing import MovementSeal, PendingMovement
from apps.inventory.models.stock import (
    IncomingChange,
    Location,
    MovementKey,
    StockLevel,
    StockMovement,
)
from apps.inventory.models.transfer import StockTransfer, StockTransferLine

__all__ = [
    "IncomingChange",
    "Location",
    "MovementKey",
    "MovementSeal",
    "PendingMovement",
    "Reservation",
    "ReservationLine",
    "StockLevel",
    "StockMovement",
    "StockTransfer",
    "StockTransferLine",
]
