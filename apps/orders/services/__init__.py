"""What the orders room does."""

from apps.orders.services._advance import (
    complete_order,
    confirm_order,
    mark_fulfilled,
    mark_paid,
    set_status,
)
from apps.orders.services._cancel import cancel_order
from apps.orders.services._follow_payment import note_captured, note_refunded
from apps.orders.services._fulfilment import abandon_fulfilment, begin_fulfilment, clear_to_ship
from apps.orders.services._load import load_orders
from apps.orders.services._place import place_order
from apps.orders.services._read import (
    get_history,
    get_order,
    may_see_order,
    statuses_of,
)

__all__ = [
    "abandon_fulfilment",
    "begin_fulfilment",
    "cancel_order",
    "clear_to_ship",
    "complete_order",
    "confirm_order",
    "get_history",
    "get_order",
    "load_orders",
    "mark_fulfilled",
    "mark_paid",
    "may_see_order",
    "note_captured",
    "note_refunded",
    "place_order",
    "set_status",
    "statuses_of",
]
