"""The routes of pricing under /api/v1."""

from django.urls import URLPattern, path

from apps.pricing.rest import views

urlpatterns: list[URLPattern] = [
    path("prices", views.PricesView.as_view()),
    path("prices/bulk", views.BulkPricesView.as_view()),
    path("prices/history", views.HistoryView.as_view()),
    path("prices/resolve", views.ResolveView.as_view()),
    path("prices/<uuid:price_id>", views.PriceView.as_view()),
    path("price-lists", views.PriceListsView.as_view()),
    path("price-lists/<uuid:price_list_id>/prices", views.PricesOfListView.as_view()),
    path("taxes/calculate", views.CalculateTaxView.as_view()),
    path("promotions", views.PromotionsView.as_view()),
    path("promotions/active", views.ActivePromotionsView.as_view()),
    path("promotions/evaluate", views.EvaluatePromotionsView.as_view()),
    path("promotions/<uuid:promotion_id>/status", views.PromotionStatusView.as_view()),
    path("coupons", views.CouponsView.as_view()),
    path("coupons/validate", views.ValidateCouponView.as_view()),
    path("coupons/redeem", views.RedeemCouponView.as_view()),
    path("coupons/release", views.ReleaseCouponsView.as_view()),
    path("coupons/<str:code>/status", views.CouponStatusView.as_view()),
    path("pricing/quotes/<uuid:quote_id>", views.QuoteView.as_view()),
    path("pricing/quotes/<uuid:quote_id>/replay", views.ReplayQuoteView.as_view()),
]
