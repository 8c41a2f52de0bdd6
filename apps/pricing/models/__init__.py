"""The tables of pricing."""

from apps.pricing.models.prices import Price, PriceList
from apps.pricing.models.promotions import Coupon, CouponUse, Promotion
from apps.pricing.models.quotes import Quote
from apps.pricing.models.taxes import TaxClass, TaxRate

__all__ = ["Coupon", "CouponUse", "Price", "PriceList", "Promotion", "Quote", "TaxClass", "TaxRate"]
