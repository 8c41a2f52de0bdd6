"""The tables of inventory."""

from apps.inventory.models.alerting import AlertInstance, AlertMessage, AlertRule
from apps.inventory.models.buffer import ChannelBuffer
from apps.inventory.models.check import StockCheck
from apps.inventory.models.counting import CountLine, CountSession, StockHold
from apps.inventory.models.device import DeviceLetter, DeviceReceipt
from apps.inventory.models.lot import (
    Lot,
    LotBalance,
    MovementLot,
    MovementSerial,
    Serial,
    SkuTracking,
)
from apps.inventory.models.policy import KitComponent, StockPolicy, Stripe
from apps.inventory.models.reservation import Backorder, Reservation, ReservationLine, ReservedKit
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
    "AlertInstance",
    "AlertMessage",
    "AlertRule",
    "Backorder",
    "ChannelBuffer",
    "CountLine",
    "CountSession",
    "DeviceLetter",
    "DeviceReceipt",
    "IncomingChange",
    "KitComponent",
    "Location",
    "Lot",
    "LotBalance",
    "MovementKey",
    "MovementLot",
    "MovementSeal",
    "MovementSerial",
    "PendingMovement",
    "Reservation",
    "ReservationLine",
    "ReservedKit",
    "Serial",
    "SkuTracking",
    "StockCheck",
    "StockHold",
    "StockLevel",
    "StockMovement",
    "StockPolicy",
    "StockTransfer",
    "StockTransferLine",
    "Stripe",
]
