"""What inventory does for others."""

from apps.inventory.services._change import (
    adjust_stock,
    bulk_adjust,
    receive_stock,
    transfer_stock,
)
from apps.inventory.services._confirm import confirm_reservation
from apps.inventory.services._read import availability, get_reservation, reservation_of_order
from apps.inventory.services._release import (
    cancel_reservation,
    expire_reservations,
    release_reservation,
)
from apps.inventory.services._reserve import reserve_stock
from apps.inventory.services._ship import ship_stock

__all__ = [
    "adjust_stock",
    "availability",
    "bulk_adjust",
    "cancel_reservation",
    "confirm_reservation",
    "expire_reservations",
    "get_reservation",
    "receive_stock",
    "release_reservation",
    "reservation_of_order",
    "reserve_stock",
    "ship_stock",
    "transfer_stock",
]
