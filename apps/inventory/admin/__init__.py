"""Inventory in the admin."""

from apps.inventory.admin import reservation, stock, transfer

__all__ = [
    "reservation",
    "stock",
    "transfer",
]
