"""The facts that inventory announces. Stock events are keyed by SKU, reservations by order."""

from apps.inventory.events.alerting import AlertResolved, AlertTriggered
from apps.inventory.events.allocation import (
    AllocationCompleted,
    AllocationCreated,
    AllocationFailed,
    AllocationReleased,
)
from apps.inventory.events.counting import CountApplied, CountReportReady, CountVariance
from apps.inventory.events.inbound import (
    ArrivedUnits,
    ExpectedUnits,
    InboundAdjusted,
    InboundCreated,
    InboundReceived,
)
from apps.inventory.events.replenishment import ReplenishmentProposed
from apps.inventory.events.reservation import (
    BackorderedItem,
    HeldItem,
    OrderCommitted,
    OrderReleased,
    OrderReservationFailed,
    OrderReserved,
    ReservationCancelled,
    ReservationConfirmed,
    ReservationCreated,
    ReservationFailed,
    ReservationLapsed,
    ReservationReleased,
    ShortItem,
)
from apps.inventory.events.stock import (
    AvailableUpdated,
    MovementRecorded,
    OnHandUpdated,
    StockAdjusted,
    StockDepleted,
    StockReplenished,
)
from apps.inventory.events.warehouse import (
    PickCompleted,
    PickCreated,
    ReceiptCompleted,
    TaskUnits,
)

__all__ = [
    "AlertResolved",
    "AlertTriggered",
    "AllocationCompleted",
    "AllocationCreated",
    "AllocationFailed",
    "AllocationReleased",
    "ArrivedUnits",
    "AvailableUpdated",
    "BackorderedItem",
    "CountApplied",
    "CountReportReady",
    "CountVariance",
    "ExpectedUnits",
    "HeldItem",
    "InboundAdjusted",
    "InboundCreated",
    "InboundReceived",
    "MovementRecorded",
    "OnHandUpdated",
    "OrderCommitted",
    "OrderReleased",
    "OrderReservationFailed",
    "OrderReserved",
    "PickCompleted",
    "PickCreated",
    "ReceiptCompleted",
    "ReplenishmentProposed",
    "ReservationCancelled",
    "ReservationConfirmed",
    "ReservationCreated",
    "ReservationFailed",
    "ReservationLapsed",
    "ReservationReleased",
    "ShortItem",
    "StockAdjusted",
    "StockDepleted",
    "StockReplenished",
    "TaskUnits",
]
