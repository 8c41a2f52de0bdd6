"""Inventory in the admin."""

from apps.inventory.admin import (
    alerting,
    buffer,
    counting,
    device,
    inbound,
    lot,
    planning,
    policy,
    purchasing,
    reservation,
    stock,
    transfer,
)

__all__ = [
    "alerting",
    "buffer",
    "counting",
    "device",
    "inbound",
    "lot",
    "planning",
    "policy",
    "purchasing",
    "reservation",
    "stock",
    "transfer",
]
