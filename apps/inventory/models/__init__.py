"""The tables of inventory."""

from apps.inventory.models.alerting import AlertInstance, AlertMessage, AlertRule
from apps.inventory.models.allocation import (
    Allocation,
    RoutingPolicy,
    RoutingRule,
)
from apps.inventory.models.buffer import ChannelBuffer
from apps.inventory.models.check import StockCheck
from apps.inventory.models.cost import CostEntry, CostLayer, ValueSnapshot
from apps.inventory.models.counting import CountLine, CountSession, CountUnits, StockHold
from apps.inventory.models.device import DeviceLetter, DeviceReceipt
from apps.inventory.models.inbound import Discrepancy, Inbound, InboundLine, InboundReceipt
from apps.inventory.models.lot import (
    Lot,
    LotBalance,
    MovementLot,
    MovementSerial,
    Serial,
    SkuTracking,
)
from apps.inventory.models.planning import (
    DailyDemand,
    DemandForecast,
    ReplenishmentProposal,
    Stockout,
)
from apps.inventory.models.policy import KitComponent, StockPolicy, Stripe
from apps.inventory.models.purchasing import (
    OrderMail,
    PurchaseCost,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierTerm,
)
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
from apps.inventory.models.warehouse import (
    StockComparison,
    StockDifference,
    WarehouseFile,
    WarehouseMessage,
    WarehouseTask,
    WarehouseTaskLine,
)

__all__ = [
    "AlertInstance",
    "AlertMessage",
    "AlertRule",
    "Allocation",
    "Backorder",
    "ChannelBuffer",
    "CostEntry",
    "CostLayer",
    "CountLine",
    "CountSession",
    "CountUnits",
    "DailyDemand",
    "DemandForecast",
    "DeviceLetter",
    "DeviceReceipt",
    "Discrepancy",
    "Inbound",
    "InboundLine",
    "InboundReceipt",
    "IncomingChange",
    "KitComponent",
    "Location",
    "Lot",
    "LotBalance",
    "MovementKey",
    "MovementLot",
    "MovementSeal",
    "MovementSerial",
    "OrderMail",
    "PendingMovement",
    "PurchaseCost",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "ReplenishmentProposal",
    "Reservation",
    "ReservationLine",
    "ReservedKit",
    "RoutingPolicy",
    "RoutingRule",
    "Serial",
    "SkuTracking",
    "StockCheck",
    "StockComparison",
    "StockDifference",
    "StockHold",
    "StockLevel",
    "StockMovement",
    "StockPolicy",
    "StockTransfer",
    "StockTransferLine",
    "Stockout",
    "Stripe",
    "Supplier",
    "SupplierTerm",
    "ValueSnapshot",
    "WarehouseFile",
    "WarehouseMessage",
    "WarehouseTask",
    "WarehouseTaskLine",
]
