"""The routes of inventory under /api/v1."""

from django.urls import URLPattern, path

from apps.inventory.rest import policies, reservations, views

urlpatterns: list[URLPattern] = [
    path("inventory/bulk-adjust", views.BulkAdjustView.as_view()),
    path("inventory/movements", views.MovementsView.as_view()),
    path("inventory/locations/<uuid:location_id>/summary", views.LocationSummaryView.as_view()),
    path("inventory/<str:sku>", views.StockView.as_view()),
    path("inventory/<str:sku>/adjust", views.AdjustView.as_view()),
    path("inventory/<str:sku>/transfer", views.TransferView.as_view()),
    path("inventory/<str:sku>/policy", policies.PolicyView.as_view()),
    path("inventory/<str:sku>/kit", policies.KitView.as_view()),
    path("inventory/<str:sku>/counting", policies.CountingView.as_view()),
    path("reservations", reservations.ReservationsView.as_view()),
    path("reservations/<uuid:reservation_id>", reservations.ReservationView.as_view()),
    path("reservations/<uuid:reservation_id>/extend", reservations.ExtendView.as_view()),
    path("reservations/<uuid:reservation_id>/confirm", reservations.ConfirmView.as_view()),
    path("reservations/<uuid:reservation_id>/cancel", reservations.CancelView.as_view()),
    path("reservations/<uuid:reservation_id>/release", reservations.ReleaseView.as_view()),
    path("availability", views.BulkAvailabilityView.as_view()),
    path("availability/<str:sku>", views.AvailabilityView.as_view()),
]
