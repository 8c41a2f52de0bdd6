"""Inventory in the admin."""

from apps.inventory.admin import (
    buffer,
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
    "buffer",
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
