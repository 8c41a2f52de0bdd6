"""What inventory does for others."""

from apps.inventory.services._audit import audit_stock, check_stock
from apps.inventory.services._change import adjust_stock, bulk_adjust, receive_stock, transfer_stock
from apps.inventory.services._confirm import allocate_stock, confirm_reservation
from apps.inventory.services._count import count_stock
from apps.inventory.services._devices import (
    bury_device_message,
    discard_device_letter,
    retry_device_letter,
    retry_waiting_letters,
    take_device_messages,
)
from apps.inventory.services._extend import extend_reservation
from apps.inventory.services._fill import fill_backorders, tell_kits
from apps.inventory.services._history import explain_stock, stock_as_of
from apps.inventory.services._hold_from_sale import hold_from_sale, let_be_sold
from apps.inventory.services._hot import announce_hot, follow_contention, set_counting
from apps.inventory.services._import import run_stock_import, start_stock_import
from apps.inventory.services._incoming import arrive_stock, change_incoming, expect_stock
from apps.inventory.services._levels import read_stock
from apps.inventory.services._load import load_stock
from apps.inventory.services._locations import ensure_location, location_summary
from apps.inventory.services._months import extend_ledger
from apps.inventory.services._policies import set_kit, set_policy, stock_policy
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
from apps.inventory.services._reserve import reserve_stock, tell_refused
from apps.inventory.services._seal import ledger_head, seal_ledger
from apps.inventory.services._sell import drop_channel_buffer, sellable, set_channel_buffer
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
from apps.inventory.services.alerting import (
    change_alert_rule,
    get_alert_rule,
    look_at_skus,
    look_at_stock,
    send_alert_messages,
    stop_alert_rule,
    watch_stock,
)
from apps.inventory.services.counting import (
    abc_classes,
    apply_count,
    cancel_count,
    decide_count,
    get_count,
    note_counts,
    review_count,
    start_count,
)

__all__ = [
    "abc_classes",
    "adjust_stock",
    "allocate_stock",
    "announce_hot",
    "apply_count",
    "arrive_stock",
    "audit_stock",
    "availability",
    "bulk_adjust",
    "bury_device_message",
    "cancel_count",
    "cancel_reservation",
    "cancel_transfer",
    "change_alert_rule",
    "change_incoming",
    "check_stock",
    "close_transfer",
    "confirm_reservation",
    "count_stock",
    "decide_count",
    "discard_device_letter",
    "drop_channel_buffer",
    "ensure_location",
    "expect_stock",
    "expire_reservations",
    "explain_stock",
    "extend_ledger",
    "extend_reservation",
    "fill_backorders",
    "find_lot",
    "find_sku",
    "find_skus",
    "follow_contention",
    "get_alert_rule",
    "get_count",
    "get_reservation",
    "get_transfer",
    "hold_from_sale",
    "known_skus",
    "ledger_head",
    "let_be_sold",
    "load_stock",
    "location_summary",
    "look_at_skus",
    "look_at_stock",
    "note_counts",
    "read_stock",
    "receive_stock",
    "receive_transfer",
    "record_movement",
    "release_reservation",
    "request_transfer",
    "reserve_stock",
    "retry_device_letter",
    "retry_waiting_letters",
    "review_count",
    "run_stock_import",
    "seal_ledger",
    "sellable",
    "send_alert_messages",
    "send_transfer",
    "set_channel_buffer",
    "set_counting",
    "set_kit",
    "set_policy",
    "ship_stock",
    "ship_transfer",
    "sku_lots",
    "sku_stock",
    "start_count",
    "start_stock_import",
    "stock_as_of",
    "stock_policy",
    "stop_alert_rule",
    "take_device_messages",
    "tell_kits",
    "tell_refused",
    "track_sku",
    "tracking",
    "transfer_stock",
    "verify_ledger",
    "watch_stock",
    "withdraw_expired",
]
