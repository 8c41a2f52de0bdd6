"""Registers the kernel's flags with Django."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "ecommerce.flags"
    label = "flags"
