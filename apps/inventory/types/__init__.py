"""What goes into and comes out of inventory."""

from apps.inventory.types.reservation import (
    HoldType,
    Reservation,
    ReservationStatus,
    ReservedLine,
    ReserveStock,
    Shortage,
    StockLine,
)
from apps.inventory.types.stock import (
    AdjustStock,
    Availability,
    BulkItem,
    CountStock,
    IncomingChange,
    Level,
    LocationSummary,
    OpeningStock,
    SkuStock,
    StockAudit,
    StockChange,
    TransferStock,
)

__all__ = [
    "AdjustStock",
    "Availability",
    "BulkItem",
    "CountStock",
    "HoldType",
    "IncomingChange",
    "Level",
    "LocationSummary",
    "OpeningStock",
    "Reservation",
    "ReservationStatus",
    "ReserveStock",
    "ReservedLine",
    "Shortage",
    "SkuStock",
    "StockAudit",
    "StockChange",
    "StockLine",
    "TransferStock",
]
