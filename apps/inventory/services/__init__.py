"""What inventory does for others."""

from apps.inventory.services._audit import audit_stock
from apps.inventory.services._change import adjust_stock, bulk_adjust, receive_stock, transfer_stock
from apps.inventory.services._confirm import allocate_stock, confirm_reservation
from apps.inventory.services._count import count_stock
from apps.inventory.services._history import explain_stock, stock_as_of
from apps.inventory.services._incoming import arrive_stock, change_incoming, expect_stock
from apps.inventory.services._load import load_stock
from apps.inventory.services._locations import ensure_location, location_summary
from apps.inventory.services._months import extend_ledger
from apps.inventory.services._read import (
    availability,
    find_sku,
    find_skus,
    get_reservation,
    known_skus,
    sku_stock,
)
from apps.inventory.services._record import record_movement
from apps.inventory.services._release import (
    cancel_reservation,
    expire_reservations,
    release_reservation,
)
from apps.inventory.services._reserve import reserve_stock
from apps.inventory.services._seal import ledger_head, seal_ledger
from apps.inventory.services._ship import ship_stock
from apps.inventory.services._tracking import (
    find_lot,
    sku_lots,
    track_sku,
    tracking,
    withdraw_expired,
)
from apps.inventory.services._transfer import (
    cancel_transfer,
    close_transfer,
    get_transfer,
    receive_transfer,
    request_transfer,
    send_transfer,
    ship_transfer,
)
from apps.inventory.services._verify import verify_ledger

__all__ = [
    "adjust_stock",
    "allocate_stock",
    "arrive_stock",
    "audit_stock",
    "availability",
    "bulk_adjust",
    "cancel_reservation",
    "cancel_transfer",
    "change_incoming",
    "close_transfer",
    "confirm_reservation",
    "count_stock",
    "ensure_location",
    "expect_stock",
    "expire_reservations",
    "explain_stock",
    "extend_ledger",
    "find_lot",
    "find_sku",
    "find_skus",
    "get_reservation",
    "get_transfer",
    "known_skus",
    "ledger_head",
    "load_stock",
    "location_summary",
    "receive_stock",
    "receive_transfer",
    "record_movement",
    "release_reservation",
    "request_transfer",
    "reserve_stock",
    "seal_ledger",
    "send_transfer",
    "ship_stock",
    "ship_transfer",
    "sku_lots",
    "sku_stock",
    "stock_as_of",
    "track_sku",
    "tracking",
    "transfer_stock",
    "verify_ledger",
    "withdraw_expired",
]
