"""Registers the audit's command with Django."""

import os
from importlib import import_module

from django.apps import AppConfig


class ProvingConfig(AppConfig):
    name = "proving"
    label = "proving"

    def ready(self) -> None:
        """In a shop on trial, listen to its events too."""
        if os.environ.get("SHOP_TALLY"):
            import_module("proving.tally")
