"""Where operators' machines knock; outside of the public API."""

from django.urls import path

from ecommerce.operations import views

urlpatterns = [
    path("health/live", views.live),
    path("health/ready", views.ready),
    path("metrics", views.metrics),
]
