"""Registers the pim room with Django."""

from django.apps import AppConfig


class PimConfig(AppConfig):
    name = "apps.pim"
    label = "pim"
