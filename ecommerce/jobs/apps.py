"""Registers the kernel's jobs with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ecommerce.jobs"
    label = "jobs"
