"""Registers the kernel's events with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "ecommerce.events"
    label = "events"
