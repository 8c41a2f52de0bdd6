"""Registers the kernel's http with Django."""

from django.apps import AppConfig


class HttpConfig(AppConfig):
    name = "ecommerce.http"
    label = "http"
