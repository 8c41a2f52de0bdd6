"""Registers the shop's instruments with Django."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin


class OperationsConfig(AppConfig):
    name = "ecommerce.operations"
    label = "operations"

    def ready(self) -> None:
        from ecommerce.operations import tracing, work

        work.connect()
        admin.site.index_template = "operations/start.html"
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            tracing.instrument()
