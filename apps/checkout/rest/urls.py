"""The routes of the checkout under /api/v1."""

from django.urls import path

from apps.checkout.rest import views

urlpatterns = [
    path("checkout", views.CheckoutsView.as_view()),
    path("checkout/<uuid:checkout_id>", views.CheckoutView.as_view()),
    path("checkout/<uuid:checkout_id>/confirm", views.ConfirmCheckoutView.as_view()),
    path("sagas", views.SagasView.as_view()),
    path("sagas/<uuid:saga_id>", views.SagaView.as_view()),
    path("sagas/<uuid:saga_id>/retry", views.RetrySagaView.as_view()),
    path("sagas/<uuid:saga_id>/compensate", views.CompensateSagaView.as_view()),
]
