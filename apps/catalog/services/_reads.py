"""Reading products and SKUs."""

from collections.abc import Collection
from uuid import UUID

from apps.catalog.errors import ProductNotFound
from apps.catalog.queries import product as queries
from apps.catalog.types import ARCHIVED, PUBLISHED, Product, Sku
from ecommerce.identity import MERCHANDISER, OPERATOR, Viewer


def find_skus(*, ids: Collection[UUID] = (), codes: Collection[str] = ()) -> dict[UUID, Sku]:
    """SKUs by id or by code, in one statement; unknown ones are left out.

    By id also those deleted since (never sellable), by code only those that are there.
    """
    return queries.skus_by(ids, codes)


def get_products(*, ids: Collection[UUID]) -> dict[UUID, Product]:
    """Whole products in any state, in one statement; unknown ones are left out."""
    return queries.products_by_id(ids)


def get_product(*, product_id: UUID, viewer: Viewer) -> Product:
    """A product as the viewer may see it: shoppers see the published with their active SKUs only.

    Raises ProductNotFound, also for what the viewer may not see and what was deleted.
    """
    product = queries.products_by_id([product_id]).get(product_id)
    if product is None or product.status == ARCHIVED:
        raise ProductNotFound
    if sees_all(viewer):
        return product
    if product.status != PUBLISHED:
        raise ProductNotFound
    return queries.for_shoppers(product)


def sees_all(viewer: Viewer) -> bool:
    """May they see what is not published?"""
    return viewer.has_any(MERCHANDISER, OPERATOR)
