"""Registers the kernel's events with Django, and finds those of the rooms."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class EventsConfig(AppConfig):
    name = "ecommerce.events"
    label = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        """Import what rooms announce, then who listens, and what is measured."""
        autodiscover_modules("events")
        autodiscover_modules("subscribers")
        import_module("ecommerce.events.metrics")
