"""Reading products and SKUs."""

from collections.abc import Collection
from uuid import UUID

from apps.catalog.errors import ProductNotFound, SkuNotFound
from apps.catalog.queries import listing
from apps.catalog.queries import product as queries
from apps.catalog.types import (
    ACTIVE,
    ARCHIVED,
    PUBLISHED,
    Product,
    ProductFilter,
    ProductSku,
    Sku,
    SkuFilter,
)
from ecommerce.dimensions import CHANNEL, LOCALE
from ecommerce.http.pagination import Page
from ecommerce.identity import MERCHANDISER, OPERATOR, Viewer
from ecommerce.locales import OWN_PLACE, text_places


def find_skus(
    *,
    ids: Collection[UUID] = (),
    codes: Collection[str] = (),
    locale: str = LOCALE,
    channel: str = CHANNEL,
) -> dict[UUID, Sku]:
    """SKUs by id or by code, in one statement; unknown ones are left out.

    By id also those deleted since (never sellable), by code only those that are there. Titles are those
    that shoppers of the locale and channel read, at last the product's own.
    """
    places = [place for place in text_places(locale, channel) if place != OWN_PLACE]
    return queries.skus_by(ids, codes, places)


def get_products(*, ids: Collection[UUID]) -> dict[UUID, Product]:
    """Whole products in any state, in one statement; unknown ones are left out."""
    return queries.products_by_id(ids)


def get_product(*, product_id: UUID, viewer: Viewer) -> Product:
    """A product as the viewer may see it: shoppers see the published with their active SKUs only.

    One statement. Raises ProductNotFound, also for what the viewer may not see and what was deleted.
    """
    product = queries.products_by_id([product_id]).get(product_id)
    if product is None or product.status == ARCHIVED:
        raise ProductNotFound
    if sees_all(viewer):
        return product
    if product.status != PUBLISHED:
        raise ProductNotFound
    return queries.for_shoppers(product)


def list_products(
    *, wanted: ProductFilter, viewer: Viewer, page: Page
) -> tuple[list[Product], bool]:
    """A page of products, newest first, and whether there are more: two statements.

    Shoppers get the published ones only; the deleted are listed by ``status=ARCHIVED`` alone.
    """
    everything = sees_all(viewer)
    ids, more = listing.product_ids(wanted, page, published_only=not everything)
    found = queries.products_by_id(ids)
    shown = [found[id] for id in ids if id in found]
    return (shown if everything else [queries.for_shoppers(one) for one in shown]), more


def get_sku(*, reference: str, viewer: Viewer) -> ProductSku:
    """A SKU by its id or its code, if the viewer may see it. Raises SkuNotFound."""
    sku_id = listing.sku_id_of(reference)
    product = queries.product_of_sku(sku_id) if sku_id else None
    if product is None:
        raise SkuNotFound
    found = next(sku for sku in product.skus if sku.sku_id == sku_id)
    if not sees_all(viewer) and (product.status != PUBLISHED or found.status != ACTIVE):
        raise SkuNotFound
    return found


def list_skus(*, wanted: SkuFilter, viewer: Viewer, page: Page) -> tuple[list[ProductSku], bool]:
    """A page of SKUs, newest first, and whether there are more: two statements.

    Shoppers get those that are for sale only.
    """
    ids, more = listing.sku_ids(wanted, page, sellable_only=not sees_all(viewer))
    found = queries.product_skus_by_id(ids)
    return [found[id] for id in ids if id in found], more


def sees_all(viewer: Viewer) -> bool:
    """May they see what is not published?"""
    return viewer.has_any(MERCHANDISER, OPERATOR)
