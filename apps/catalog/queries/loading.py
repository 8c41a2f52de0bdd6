"""New products straight into the tables by COPY: what is made at scale, and what files bring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from apps.catalog.domain.importing.incoming import Price
from apps.catalog.queries.importing import StoredOffer
from apps.catalog.types import Attribute, MediaRef, Product, ProductSku
from ecommerce.sql import copy_rows, text_array

_PRODUCT = (
    "id", "merchant", "seller", "external_id", "slug", "title", "description", "brand",
    "product_type", "tags", "status", "attributes", "media", "option_names", "seo_title",
    "seo_description", "version", "created_at", "updated_at", "published_at",
)  # fmt: skip
_SKU = (
    "id", "product_id", "code", "barcode", "weight_grams", "length_mm", "width_mm", "height_mm",
    "hs_code", "country_of_origin", "tax_class", "requires_shipping", "seller", "status", "position",
    "version", "created_at", "updated_at", "option_values", "image",
)  # fmt: skip
Row = tuple[Any, ...]


def copy_products(products: Iterable[Product]) -> None:
    """Store new products, each as it comes; then ``copy_skus``."""
    copy_rows("catalog_product", _PRODUCT, map(_product_row, products))


def copy_skus(products: Sequence[Product]) -> None:
    """Store the SKUs of new products, and in which categories these are."""
    skus = (sku for product in products for sku in product.skus)
    copy_rows("catalog_sku", _SKU, map(_sku_row, skus))
    if any(product.category_ids for product in products):
        columns = ("product_id", "category_id", "position")
        copy_rows("catalog_productcategory", columns, _memberships(products))


def copy_offers(offers: Sequence[StoredOffer], import_id: UUID) -> None:
    """Keep what a file said of new SKUs, to know when another one says something else."""
    told_by = str(import_id)
    rows = ((o.sku_id.hex, _json(o.prices), o.on_hand, told_by) for o in offers)
    copy_rows("catalog_importedoffer", ("sku_id", "prices", "on_hand", "import_id"), rows)


def _product_row(product: Product) -> Row:
    return (
        product.product_id.hex,
        product.merchant,
        product.seller,
        product.external_id,
        product.slug,
        product.title,
        product.description,
        product.brand,
        product.product_type,
        text_array(product.tags),
        product.status,
        _json(product.attributes),
        _json(product.media),
        text_array(product.option_names),
        product.seo_title,
        product.seo_description,
        product.version,
        _moment(product.created_at),
        _moment(product.updated_at),
        _moment(product.published_at),
    )


def _sku_row(sku: ProductSku) -> Row:
    return (
        sku.sku_id.hex,
        sku.product_id.hex,
        sku.code,
        sku.barcode,
        sku.weight_grams,
        sku.length_mm,
        sku.width_mm,
        sku.height_mm,
        sku.hs_code,
        sku.country_of_origin,
        sku.tax_class,
        sku.requires_shipping,
        sku.seller,
        sku.status,
        sku.position,
        sku.version,
        _moment(sku.created_at),
        _moment(sku.updated_at),
        text_array(sku.options.values()),
        sku.image or "",
    )


def _memberships(products: Sequence[Product]) -> Iterator[tuple[UUID, UUID, int]]:
    for product in products:
        for position, category_id in enumerate(product.category_ids):
            yield product.product_id, category_id, position


@lru_cache(maxsize=64)  # a batch has few times, each of them in all of its rows
def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _json(value: Mapping[str, Attribute] | Sequence[MediaRef] | Sequence[Price]) -> str:
    return msgspec.json.encode(value).decode()
