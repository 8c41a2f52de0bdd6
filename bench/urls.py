"""The shop's routes, and the floor's."""

from django.urls import path

from bench.floor import bare_view
from config.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [path("floor", bare_view), path("api/v1/floor", bare_view), *urlpatterns]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
