"""Warehouses: what they are asked to do, what they tell, and how their stock compares with ours."""

from apps.inventory.services.warehouse._call import ask_after_tasks, call_warehouses
from apps.inventory.services.warehouse._compare import (
    compare_all_stock,
    compare_stock,
    count_differences,
    warehouse_stock,
)
from apps.inventory.services.warehouse._confirm import confirm_pick, receive_goods
from apps.inventory.services.warehouse._deliveries import cancel_inbound, create_inbound
from apps.inventory.services.warehouse._files import read_dropped_files
from apps.inventory.services.warehouse._inbox import apply_messages, receive_callback, retry_message
from apps.inventory.services.warehouse._read import get_task
from apps.inventory.services.warehouse._request import (
    announce_receipt,
    cancel_picks,
    cancel_task,
    request_pick,
    request_picks,
)

__all__ = [
    "announce_receipt",
    "apply_messages",
    "ask_after_tasks",
    "call_warehouses",
    "cancel_inbound",
    "cancel_picks",
    "cancel_task",
    "compare_all_stock",
    "compare_stock",
    "confirm_pick",
    "count_differences",
    "create_inbound",
    "get_task",
    "read_dropped_files",
    "receive_callback",
    "receive_goods",
    "request_pick",
    "request_picks",
    "retry_message",
    "warehouse_stock",
]
