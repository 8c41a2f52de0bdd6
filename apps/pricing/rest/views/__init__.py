"""Pricing over HTTP."""

from apps.pricing.rest.views.prices import (
    BulkPricesView,
    HistoryView,
    PriceListsView,
    PricesOfListView,
    PricesView,
    PriceView,
)
from apps.pricing.rest.views.promotions import (
    ActivePromotionsView,
    CouponStatusView,
    CouponsView,
    EvaluatePromotionsView,
    PromotionStatusView,
    PromotionsView,
    RedeemCouponView,
    ReleaseCouponsView,
    ValidateCouponView,
)
from apps.pricing.rest.views.quotes import (
    CalculateTaxView,
    QuoteView,
    ReplayQuoteView,
    ResolveView,
)

__all__ = [
    "ActivePromotionsView",
    "BulkPricesView",
    "CalculateTaxView",
    "CouponStatusView",
    "CouponsView",
    "EvaluatePromotionsView",
    "HistoryView",
    "PriceListsView",
    "PriceView",
    "PricesOfListView",
    "PricesView",
    "PromotionStatusView",
    "PromotionsView",
    "QuoteView",
    "RedeemCouponView",
    "ReleaseCouponsView",
    "ReplayQuoteView",
    "ResolveView",
    "ValidateCouponView",
]
