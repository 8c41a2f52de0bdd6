"""Registers the kernel's http with Django."""

from django.apps import AppConfig

from ecommerce import connections, whole_numbers


class HttpConfig(AppConfig):
    name = "ecommerce.http"
    label = "http"

    def ready(self) -> None:
        connections.connect()
        whole_numbers.refuse_what_does_not_fit()
