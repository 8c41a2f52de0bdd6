"""The routes of cart under /api/v1."""

from django.urls import URLPattern, path

from apps.cart.rest import views

urlpatterns: list[URLPattern] = [
    path("carts", views.CartsView.as_view()),
    path("carts/merge", views.MergeView.as_view()),
    path("carts/<uuid:cart_id>", views.OneCartView.as_view()),
    path("carts/<uuid:cart_id>/summary", views.SummaryView.as_view()),
    path("carts/<uuid:cart_id>/items", views.ItemsView.as_view()),
    path("carts/<uuid:cart_id>/items/<uuid:item_id>", views.ItemView.as_view()),
    path("carts/<uuid:cart_id>/apply-coupon", views.ApplyCouponView.as_view()),
    path("carts/<uuid:cart_id>/coupons/<str:code>", views.CouponView.as_view()),
    path("carts/<uuid:cart_id>/lock", views.LockView.as_view()),
    path("carts/<uuid:cart_id>/unlock", views.UnlockView.as_view()),
]
