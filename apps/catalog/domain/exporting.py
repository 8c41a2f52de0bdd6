"""Products as files that import back without a difference."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import zip_longest
from typing import Any
from uuid import UUID

import orjson

from apps.catalog.domain.importing.cells import neutralised, text_of_paths
from apps.catalog.types import (
    ARCHIVED,
    DRAFT,
    MAX_OPTIONS,
    PUBLISHED,
    UNPUBLISHED,
    MediaRef,
    Product,
    ProductSku,
)

Paths = Mapping[UUID, tuple[str, ...]]
_STATUS = {PUBLISHED: "active", DRAFT: "draft", UNPUBLISHED: "archived", ARCHIVED: "archived"}
_OPTIONS = tuple(
    f"Option{n} {part}" for n in range(1, MAX_OPTIONS + 1) for part in ("Name", "Value")
)
COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", *_OPTIONS, "Variant SKU",
    "Variant Grams", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Image Src",
    "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Variant Image", "Status",
    "Shop / Status", "Shop / External Id", "Shop / Categories", "Shop / Attributes", "Shop / SKU Status",
    "Shop / Tax Class", "Shop / HS Code", "Shop / Country of Origin", "Shop / Length mm",
    "Shop / Width mm", "Shop / Height mm",
)  # fmt: skip


def csv_header() -> str:
    """The first line of a Shopify CSV, with the columns of our own at its end."""
    return _line(COLUMNS)


def csv_lines(product: Product, paths: Paths) -> Iterator[str]:
    """A product's rows: one for each SKU or picture, whichever are more."""
    for number, (sku, picture) in enumerate(
        zip_longest(product.skus or (None,), product.media or (None,))
    ):
        cells = {"Handle": product.slug}
        if number == 0:
            cells |= _product_cells(product, paths)
        if sku is not None:
            cells |= _sku_cells(sku, product)
        if picture is not None:
            cells |= _picture_cells(picture, number + 1)
        yield _line([neutralised(cells.get(column, "")) for column in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _product_cells(product: Product, paths: Paths) -> dict[str, str]:
    named = {f"Option{n} Name": name for n, name in enumerate(product.option_names, 1)}
    return {
        "Title": product.title,
        "Body (HTML)": product.description,
        "Vendor": product.brand,
        "Type": product.product_type,
        "Tags": ", ".join(product.tags),
        "Published": _truth(product.status == PUBLISHED),
        **(named or ({"Option1 Name": "Title"} if product.skus else {})),
        "SEO Title": product.seo_title,
        "SEO Description": product.seo_description,
        "Status": _STATUS[product.status],
        "Shop / Status": product.status,
        "Shop / External Id": product.external_id or "",
        "Shop / Categories": text_of_paths(tuple(paths[id] for id in product.category_ids)),
        "Shop / Attributes": json.dumps(product.attributes, ensure_ascii=False),
    }


def _sku_cells(sku: ProductSku, product: Product) -> dict[str, str]:
    values = [sku.options[name] for name in product.option_names] or ["Default Title"]
    return {
        **{f"Option{n} Value": value for n, value in enumerate(values, 1)},
        "Variant SKU": sku.code,
        "Variant Grams": _count(sku.weight_grams),
        "Variant Requires Shipping": _truth(sku.requires_shipping),
        "Variant Taxable": _truth(sku.tax_class != "zero"),
        "Variant Barcode": sku.barcode,
        "Variant Image": sku.image or "",
        "Shop / SKU Status": sku.status,
        "Shop / Tax Class": sku.tax_class,
        "Shop / HS Code": sku.hs_code,
        "Shop / Country of Origin": sku.country_of_origin,
        "Shop / Length mm": _count(sku.length_mm),
        "Shop / Width mm": _count(sku.width_mm),
        "Shop / Height mm": _count(sku.height_mm),
    }


def _picture_cells(picture: MediaRef, position: int) -> dict[str, str]:
    return {
        "Image Src": picture.url,
        "Image Position": str(position),
        "Image Alt Text": picture.alt,
    }


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def json_line(product: Product, paths: Paths) -> bytes:
    """A product as one line of JSON."""
    item: dict[str, Any] = {
        "externalId": product.external_id,
        "slug": product.slug,
        "title": product.title,
        "description": product.description,
        "brand": product.brand,
        "productType": product.product_type,
        "tags": product.tags,
        "status": product.status,
        "seller": product.seller,
        "categories": [paths[id] for id in product.category_ids],
        "attributes": product.attributes,
        "media": [{"url": ref.url, "alt": ref.alt} for ref in product.media],
        "optionNames": product.option_names,
        "seoTitle": product.seo_title,
        "seoDescription": product.seo_description,
        "skus": [_sku_member(sku) for sku in product.skus],
    }
    return orjson.dumps(item) + b"\n"


def _sku_member(sku: ProductSku) -> dict[str, Any]:
    return {
        "code": sku.code,
        "options": sku.options,
        "barcode": sku.barcode,
        "weightGrams": sku.weight_grams,
        "lengthMm": sku.length_mm,
        "widthMm": sku.width_mm,
        "heightMm": sku.height_mm,
        "hsCode": sku.hs_code,
        "countryOfOrigin": sku.country_of_origin,
        "taxClass": sku.tax_class,
        "requiresShipping": sku.requires_shipping,
        "image": sku.image,
        "status": sku.status,
    }


def paths_by_id(names: Sequence[tuple[UUID, UUID | None, str]]) -> dict[UUID, tuple[str, ...]]:
    """The names from the root of each category, given as (id, parent, name), parents first."""
    paths: dict[UUID, tuple[str, ...]] = {}
    for category_id, parent_id, name in names:
        paths[category_id] = (*(paths[parent_id] if parent_id else ()), name)
    return paths
