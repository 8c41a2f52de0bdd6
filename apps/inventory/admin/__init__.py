"""Inventory in the admin."""

from apps.inventory.admin import buffer, lot, reservation, stock, transfer

__all__ = ["buffer", "lot", "reservation", "stock", "transfer"]
