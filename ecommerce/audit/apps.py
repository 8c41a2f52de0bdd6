"""Registers the kernel's audit with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ecommerce.audit"
    label = "audit"
