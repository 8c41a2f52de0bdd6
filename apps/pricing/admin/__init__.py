"""The back office of pricing."""

from apps.pricing.admin.prices import PriceAdmin, PriceListAdmin, TaxRateAdmin
from apps.pricing.admin.promotions import CouponAdmin, PromotionAdmin
from apps.pricing.admin.quotes import QuoteAdmin

__all__ = [
    "CouponAdmin",
    "PriceAdmin",
    "PriceListAdmin",
    "PromotionAdmin",
    "QuoteAdmin",
    "TaxRateAdmin",
]
