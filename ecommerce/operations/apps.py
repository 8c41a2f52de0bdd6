"""Registers the shop's instruments with Django."""

from django.apps import AppConfig
from django.conf import settings


class OperationsConfig(AppConfig):
    name = "ecommerce.operations"
    label = "operations"

    def ready(self) -> None:
        from ecommerce.operations import tracing, work

        work.connect()
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            tracing.instrument()
