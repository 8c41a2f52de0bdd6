"""The routes of cart under /api/v1."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
