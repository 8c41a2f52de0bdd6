"""The catalog's tables."""

from apps.catalog.models.category import Category, Ltree
from apps.catalog.models.media import Media, MediaVariant
from apps.catalog.models.offer import ImportedOffer
from apps.catalog.models.product import Product, ProductCategory, Sku
from apps.catalog.models.text import LocalizedText

__all__ = [
    "Category",
    "ImportedOffer",
    "LocalizedText",
    "Ltree",
    "Media",
    "MediaVariant",
    "Product",
    "ProductCategory",
    "Sku",
]
