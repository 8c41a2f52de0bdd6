"""The routes of product information under /api/v1."""

from django.urls import path

from apps.pim.rest import views

urlpatterns = [
    path("pim/products/<uuid:id>/content", views.ContentView.as_view()),
    path("pim/products/<uuid:id>/content/versions", views.ContentHistoryView.as_view()),
    path("pim/products/<uuid:id>/content/resolved", views.ResolvedContentView.as_view()),
    path("pim/products/<uuid:id>/workflow/approve", views.ApproveView.as_view()),
]
