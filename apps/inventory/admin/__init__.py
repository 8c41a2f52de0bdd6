"""Inventory in the admin."""

from apps.inventory.admin import (
    alerting,
    allocation,
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
    warehouse,
)

__all__ = [
    "alerting",
    "allocation",
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
    "warehouse",
]
