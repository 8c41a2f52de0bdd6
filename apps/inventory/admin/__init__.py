"""Inventory in the admin."""

from apps.inventory.admin import (
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
    "inbound",
    "lot",
    "planning",
    "policy",
    "purchasing",
    "reservation",
    "stock",
    "transfer",
]
