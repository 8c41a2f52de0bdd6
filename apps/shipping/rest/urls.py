"""The routes of shipping under /api/v1."""

from django.urls import path

from apps.shipping.rest import views

urlpatterns = [
    path("shipping/rates/quote", views.RatesView.as_view()),
    path("shipping/labels", views.LabelsView.as_view()),
    path("fulfillments", views.FulfilmentsView.as_view()),
    path("fulfillments/<uuid:fulfillment_id>", views.FulfilmentView.as_view()),
    path("fulfillments/<uuid:fulfillment_id>/pick", views.PickView.as_view()),
    path("fulfillments/<uuid:fulfillment_id>/pack", views.PackView.as_view()),
    path("fulfillments/<uuid:fulfillment_id>/ship", views.ShipView.as_view()),
    path("fulfillments/<uuid:fulfillment_id>/cancel", views.CancelFulfilmentView.as_view()),
    path("orders/<uuid:order_id>/fulfillment", views.FulfilmentOfOrderView.as_view()),
    path("shipments", views.ShipmentsView.as_view()),
    path("shipments/<uuid:shipment_id>", views.ShipmentView.as_view()),
    path("shipments/<uuid:shipment_id>/label", views.LabelView.as_view()),
    path("tracking/webhook/<slug:carrier>", views.TrackingWebhookView.as_view()),
    path("tracking/<str:tracking_number>", views.TrackingView.as_view()),
    path("tracking/<str:tracking_number>/shipment", views.ShipmentOfNumberView.as_view()),
]
