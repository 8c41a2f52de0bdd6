"""Every route of the shop, room by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *(path("api/v1/", include(f"apps.{app}.rest.urls")) for app in settings.APPS),
]
