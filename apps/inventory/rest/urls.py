"""The routes of inventory under /api/v1."""

from django.urls import URLPattern, path

from apps.inventory.rest import alerting, counting, history, lots, reservations, transfers, views

urlpatterns: list[URLPattern] = [
    path("inventory/bulk-adjust", views.BulkAdjustView.as_view()),
    path("inventory/movements", history.MovementsView.as_view()),
    path("inventory/locations/<uuid:location_id>/summary", views.LocationSummaryView.as_view()),
    path("inventory/transfers", transfers.TransfersView.as_view()),
    path("inventory/transfers/<uuid:transfer_id>", transfers.TransferView.as_view()),
    path("inventory/transfers/<uuid:transfer_id>/ship", transfers.ShipTransferView.as_view()),
    path("inventory/transfers/<uuid:transfer_id>/receive", transfers.ReceiveTransferView.as_view()),
    path("inventory/transfers/<uuid:transfer_id>/close", transfers.CloseTransferView.as_view()),
    path("inventory/transfers/<uuid:transfer_id>/cancel", transfers.CancelTransferView.as_view()),
    path("inventory/alerts", alerting.AlertsView.as_view()),
    path("inventory/alerts/rules", alerting.AlertRulesView.as_view()),
    path("inventory/alerts/rules/<uuid:rule_id>", alerting.AlertRuleView.as_view()),
    path(
        "inventory/alerts/rules/<uuid:rule_id>/instances",
        alerting.AlertRuleInstancesView.as_view(),
    ),
    path("inventory/reconciliations", counting.CountsView.as_view()),
    path("inventory/reconciliations/<uuid:count_id>", counting.CountView.as_view()),
    path("inventory/reconciliations/<uuid:count_id>/lines", counting.CountLinesView.as_view()),
    path("inventory/reconciliations/<uuid:count_id>/counts", counting.ShelfCountsView.as_view()),
    path("inventory/reconciliations/<uuid:count_id>/review", counting.CountReviewView.as_view()),
    path(
        "inventory/reconciliations/<uuid:count_id>/decisions",
        counting.CountDecisionsView.as_view(),
    ),
    path("inventory/reconciliations/<uuid:count_id>/apply", counting.CountApplyView.as_view()),
    path("inventory/reconciliations/<uuid:count_id>/cancel", counting.CountCancelView.as_view()),
    path("inventory/<str:sku>", views.StockView.as_view()),
    path("inventory/<str:sku>/explanation", history.ExplanationView.as_view()),
    path("inventory/<str:sku>/tracking", lots.TrackingView.as_view()),
    path("inventory/<str:sku>/lots", lots.LotsView.as_view()),
    path("inventory/<str:sku>/lots/<str:code>/orders", lots.LotOrdersView.as_view()),
    path("inventory/<str:sku>/adjust", views.AdjustView.as_view()),
    path("inventory/<str:sku>/transfer", views.TransferView.as_view()),
    path("reservations", reservations.ReservationsView.as_view()),
    path("reservations/<uuid:reservation_id>", reservations.ReservationView.as_view()),
    path("reservations/<uuid:reservation_id>/confirm", reservations.ConfirmView.as_view()),
    path("reservations/<uuid:reservation_id>/cancel", reservations.CancelView.as_view()),
    path("reservations/<uuid:reservation_id>/release", reservations.ReleaseView.as_view()),
    path("availability", views.BulkAvailabilityView.as_view()),
    path("availability/<str:sku>", views.AvailabilityView.as_view()),
]
