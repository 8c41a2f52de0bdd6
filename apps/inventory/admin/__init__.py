"""Inventory in the admin."""

from apps.inventory.admin import reservation, stock

__all__ = ["reservation", "stock"]
