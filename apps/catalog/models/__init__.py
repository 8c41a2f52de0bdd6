"""The catalog's tables."""

from apps.catalog.models.category import Category, Ltree
from apps.catalog.models.media import Media, MediaVariant
from apps.catalog.models.offer import ImportedOffer
from apps.catalog.models.product import Product, ProductCategory, Sku

__all__ = [
    "Category",
    "ImportedOffer",
    "Ltree",
    "Media",
    "MediaVariant",
    "Product",
    "ProductCategory",
    "Sku",
]
