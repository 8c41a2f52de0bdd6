"""The routes of the audit trail under /api/v1."""

from django.urls import path

from ecommerce.audit.rest import views

urlpatterns = [
    path("audit", views.AuditView.as_view()),
    path("audit/query", views.AuditQueryView.as_view()),
]
