"""The routes of the catalog under /api/v1."""

from django.urls import path

from apps.catalog.rest.views import category, files, media, product, sku

urlpatterns = [
    path("products", product.ProductsView.as_view()),
    path("products/<uuid:id>", product.ProductView.as_view()),
    path("products/<uuid:id>/publish", product.PublishView.as_view()),
    path("products/<uuid:id>/unpublish", product.UnpublishView.as_view()),
    path("products/<uuid:id>/skus", sku.ProductSkusView.as_view()),
    path("skus", sku.SkusView.as_view()),
    path("skus/<str:id>", sku.SkuView.as_view()),
    path("categories", category.CategoriesView.as_view()),
    path("categories/tree", category.CategoryTreeView.as_view()),
    path("categories/<uuid:id>", category.CategoryView.as_view()),
    path("categories/<uuid:id>/move", category.MoveCategoryView.as_view()),
    path("imports/products", files.ProductImportsView.as_view()),
    path("exports/products", files.ProductExportsView.as_view()),
    path("media", media.MediaUploadView.as_view()),
    path("media/<uuid:id>", media.MediaView.as_view()),
    path("media/<uuid:id>/content", media.MediaContentView.as_view()),
    path("media/<uuid:id>/variants", media.MediaVariantsView.as_view()),
    path("media/<uuid:id>/variants/<slug:name>", media.MediaVariantContentView.as_view()),
]
