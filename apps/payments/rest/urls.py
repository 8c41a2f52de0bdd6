"""The routes of payments under /api/v1."""

from django.urls import URLPattern, path

from apps.payments.rest import views
from apps.payments.rest.webhooks import WebhookView

urlpatterns: list[URLPattern] = [
    path("payments/authorize", views.AuthorizeView.as_view()),
    path("payments/capture", views.CaptureView.as_view()),
    path("payments/refund", views.RefundView.as_view()),
    path("payments/authorizations", views.AuthorizationsView.as_view()),
    path(
        "payments/authorizations/<uuid:payment_id>/capture",
        views.AuthorizationCaptureView.as_view(),
    ),
    path("payments/authorizations/<uuid:payment_id>/void", views.AuthorizationVoidView.as_view()),
    path("payments/captures", views.CapturesView.as_view()),
    path("payments/captures/<uuid:capture_id>", views.CaptureDetailView.as_view()),
    path("payments/refunds", views.RefundsView.as_view()),
    path("payments/refunds/<uuid:refund_id>", views.RefundDetailView.as_view()),
    path("payments/webhooks/<slug:provider>", WebhookView.as_view()),
    path("payments/<uuid:payment_id>", views.PaymentView.as_view()),
    path("sandbox/gateway/simulate", views.SimulateView.as_view()),
]
