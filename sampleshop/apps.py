"""Registers the sample shop and its commands with Django."""

from django.apps import AppConfig


class SampleshopConfig(AppConfig):
    name = "sampleshop"
    label = "sampleshop"
