"""Registers the kernel's http with Django."""

from django.apps import AppConfig

from ecommerce import connections


class HttpConfig(AppConfig):
    name = "ecommerce.http"
    label = "http"

    def ready(self) -> None:
        connections.connect()
