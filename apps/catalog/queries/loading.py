"""Products straight into the tables by COPY: for data that is made at scale, not for people's edits."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection

from apps.catalog.types import Product, ProductSku

_PRODUCT = (
    "product_id", "merchant", "seller", "external_id", "slug", "title", "description", "brand",
    "product_type", "tags", "status", "attributes", "media", "option_names", "seo_title",
    "seo_description", "version", "created_at", "updated_at", "published_at",
)  # fmt: skip
_SKU = (
    "sku_id", "product_id", "code", "barcode", "weight_grams", "length_mm", "width_mm", "height_mm",
    "hs_code", "country_of_origin", "tax_class", "requires_shipping", "seller", "status", "position",
    "version", "created_at", "updated_at",
)  # fmt: skip
_ARRAYS = {"tags", "option_names"}
_JSON = {"attributes", "media"}
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_product_values = attrgetter(*_PRODUCT)
_sku_values = attrgetter(*_SKU)


def copy_products(products: Sequence[Product]) -> None:
    """Store new products with their SKUs and categories: three COPYs."""
    skus = [sku for product in products for sku in product.skus]
    _copy("catalog_product", ("id", *_PRODUCT[1:]), map(_product_line, products))
    _copy("catalog_sku", ("id", *_SKU[1:], "option_values", "image"), map(_sku_line, skus))
    _copy(
        "catalog_productcategory", ("product_id", "category_id", "position"), _memberships(products)
    )


def _copy(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))


def _product_line(product: Product) -> str:
    pairs = zip(_PRODUCT, _product_values(product), strict=True)
    return "\t".join([_member(name, value) for name, value in pairs]) + "\n"


def _sku_line(sku: ProductSku) -> str:
    cells = [_cell(value) for value in _sku_values(sku)]
    return "\t".join([*cells, _array(sku.options.values()), _cell(sku.image or "")]) + "\n"


def _memberships(products: Sequence[Product]) -> Iterator[str]:
    for product in products:
        for position, category_id in enumerate(product.category_ids):
            yield f"{product.product_id}\t{category_id}\t{position}\n"


def _member(name: str, value: Any) -> str:
    if name in _ARRAYS:
        return _array(value)
    if name in _JSON:
        return msgspec.json.encode(value).decode().translate(_ESCAPES)
    return _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


def _array(texts: Iterable[str]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return ("{" + ",".join(f'"{text}"' for text in quoted) + "}").translate(_ESCAPES)
