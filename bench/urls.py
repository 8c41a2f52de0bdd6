"""The shop's routes, and the floors'."""

from django.urls import path

from bench.floor import StackView, bare_view
from config.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [
    path("floor", bare_view),
    path("api/v1/stack", StackView.as_view()),
    *urlpatterns,
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
