"""Inventory in the admin."""

from apps.inventory.admin import lot, reservation, stock, transfer

__all__ = ["lot", "reservation", "stock", "transfer"]
