"""The facts that inventory announces. Stock events are keyed by SKU, reservations by order."""

from apps.inventory.events.alerting import AlertResolved, AlertTriggered
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

__all__ = [
    "AlertResolved",
    "AlertTriggered",
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
]
