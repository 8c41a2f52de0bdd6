"""The routes of search under /api/v1."""

from django.urls import path

from apps.search.rest import views

urlpatterns = [
    path("storefront/catalog", views.CatalogView.as_view()),
    path("storefront/products/<str:id>", views.ProductPageView.as_view()),
    path("search", views.SearchView.as_view()),
    path("search/suggestions", views.SuggestionsView.as_view()),
]
