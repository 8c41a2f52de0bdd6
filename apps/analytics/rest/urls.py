"""The routes of analytics under /api/v1."""

from django.urls import path

from apps.analytics.rest import views

urlpatterns = [
    path("reports/daily-revenue", views.DailyRevenueView.as_view()),
    path("reports/customers/<uuid:id>/orders", views.CustomerOrdersView.as_view()),
]
