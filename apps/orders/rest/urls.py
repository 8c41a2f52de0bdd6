"""The routes of orders under /api/v1."""

from django.urls import path

from apps.orders.rest import views

urlpatterns = [
    path("orders", views.OrdersView.as_view()),
    path("orders/<uuid:order_id>", views.OrderView.as_view()),
    path("orders/<uuid:order_id>/status", views.OrderStatusView.as_view()),
    path("orders/<uuid:order_id>/cancel", views.CancelOrderView.as_view()),
    path("customers/<uuid:customer_id>/orders", views.CustomerOrdersView.as_view()),
    path("seller/orders", views.SellerOrdersView.as_view()),
]
