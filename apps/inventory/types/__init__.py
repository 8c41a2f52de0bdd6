"""What goes into and comes out of inventory."""

from apps.inventory.types.policy import Counting, Oversell, SetPolicy, StockPolicy
from apps.inventory.types.reservation import (
    BackorderedLine,
    HeldKit,
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
    "BackorderedLine",
    "BulkItem",
    "CountStock",
    "Counting",
    "HeldKit",
    "HoldType",
    "Level",
    "LocationSummary",
    "OpeningStock",
    "Oversell",
    "Reservation",
    "ReservationStatus",
    "ReserveStock",
    "ReservedLine",
    "SetPolicy",
    "Shortage",
    "SkuStock",
    "StockAudit",
    "StockChange",
    "StockLine",
    "StockPolicy",
    "TransferStock",
]
