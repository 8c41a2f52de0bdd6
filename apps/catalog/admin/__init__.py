"""The catalog in the back office. Every change goes through the services."""

from apps.catalog.admin.categories import CategoryAdmin
from apps.catalog.admin.media import MediaAdmin
from apps.catalog.admin.products import ProductAdmin

__all__ = ["CategoryAdmin", "MediaAdmin", "ProductAdmin"]
