"""What inventory does for others."""

from apps.inventory.services._audit import audit_stock
from apps.inventory.services._change import adjust_stock, bulk_adjust, receive_stock, transfer_stock
from apps.inventory.services._confirm import allocate_stock, confirm_reservation
from apps.inventory.services._count import count_stock
from apps.inventory.services._extend import extend_reservation
from apps.inventory.services._fill import fill_backorders, tell_kits
from apps.inventory.services._hot import announce_hot, follow_contention, set_counting
from apps.inventory.services._load import load_stock
from apps.inventory.services._locations import ensure_location, location_summary
from apps.inventory.services._policies import set_kit, set_policy, stock_policy
from apps.inventory.services._read import (
    availability,
    find_sku,
    find_skus,
    get_reservation,
    known_skus,
    sku_stock,
)
from apps.inventory.services._release import (
    cancel_reservation,
    expire_reservations,
    release_reservation,
)
from apps.inventory.services._reserve import reserve_stock, tell_refused
from apps.inventory.services._ship import ship_stock

__all__ = [
    "adjust_stock",
    "allocate_stock",
    "announce_hot",
    "audit_stock",
    "availability",
    "bulk_adjust",
    "cancel_reservation",
    "confirm_reservation",
    "count_stock",
    "ensure_location",
    "expire_reservations",
    "extend_reservation",
    "fill_backorders",
    "find_sku",
    "find_skus",
    "follow_contention",
    "get_reservation",
    "known_skus",
    "load_stock",
    "location_summary",
    "receive_stock",
    "release_reservation",
    "reserve_stock",
    "set_counting",
    "set_kit",
    "set_policy",
    "ship_stock",
    "sku_stock",
    "stock_policy",
    "tell_kits",
    "tell_refused",
    "transfer_stock",
]
