"""Inventory in the admin."""

from apps.inventory.admin import (
    alerting,
    counting,
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
    "counting",
    "inbound",
    "lot",
    "planning",
    "policy",
    "purchasing",
    "reservation",
    "stock",
    "transfer",
]
