"""Registers the shop's instruments with Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "ecommerce.operations"
    label = "operations"
