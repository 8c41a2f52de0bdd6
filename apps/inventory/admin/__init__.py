"""Inventory in the admin."""

from apps.inventory.admin import inbound, lot, planning, purchasing, reservation, stock, transfer

__all__ = ["inbound", "lot", "planning", "purchasing", "reservation", "stock", "transfer"]
