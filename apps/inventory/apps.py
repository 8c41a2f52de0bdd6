"""Registers the inventory room with Django."""

from importlib import import_module

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    label = "inventory"

    def ready(self) -> None:
        """What is measured of the stock."""
        import_module("apps.inventory.services._figures")
