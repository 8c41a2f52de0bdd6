"""Inventory in the admin."""

from apps.inventory.admin import buffer, device, lot, reservation, stock, transfer

__all__ = ["buffer", "device", "lot", "reservation", "stock", "transfer"]
