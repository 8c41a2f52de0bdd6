"""Carts over HTTP."""

from apps.cart.rest.views.carts import CartsView, MergeView, OneCartView, SummaryView
from apps.cart.rest.views.items import ItemsView, ItemView
from apps.cart.rest.views.states import ApplyCouponView, CouponView, LockView, UnlockView

__all__ = [
    "ApplyCouponView",
    "CartsView",
    "CouponView",
    "ItemView",
    "ItemsView",
    "LockView",
    "MergeView",
    "OneCartView",
    "SummaryView",
    "UnlockView",
]
