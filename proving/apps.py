"""Registers the audit's command with Django."""

from django.apps import AppConfig


class ProvingConfig(AppConfig):
    name = "proving"
    label = "proving"
