"""Inventory in the admin."""

from apps.inventory.admin import policy, reservation, stock

__all__ = ["policy", "reservation", "stock"]
