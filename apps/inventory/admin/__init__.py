"""Inventory in the admin."""

from apps.inventory.admin import lot, policy, reservation, stock, transfer

__all__ = [
    "lot",
    "policy",
    "reservation",
    "stock",
    "transfer",
]
