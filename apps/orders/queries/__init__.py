"""Reads of orders, and what writes them."""

from apps.orders.queries.loading import LoadedRows, copy_orders
from apps.orders.queries.orders import (
    AddressRecord,
    LineRecord,
    OrderRecord,
    follow_payment,
    history_of,
    is_seen,
    move,
    orders_of,
    orders_of_seller,
    place,
    read,
    start_fulfilment,
    statuses,
    stop_fulfilment,
)

__all__ = [
    "AddressRecord",
    "LineRecord",
    "LoadedRows",
    "OrderRecord",
    "copy_orders",
    "follow_payment",
    "history_of",
    "is_seen",
    "move",
    "orders_of",
    "orders_of_seller",
    "place",
    "read",
    "start_fulfilment",
    "statuses",
    "stop_fulfilment",
]
