"""Shopify's product CSV: one product over several rows, under old and new column names.

https://help.shopify.com/en/manual/products/import-export/using-csv. Columns of our own begin with
``Shop /``: they carry what Shopify's have no place for, so that an export comes back whole.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from apps.catalog.domain.importing.cells import (
    attribute_of,
    barcode_of,
    paths_of,
    prices_of,
)
from apps.catalog.domain.importing.incoming import (
    Faults,
    Incoming,
    IncomingSku,
    Offer,
    Refused,
    RowFault,
)
from apps.catalog.domain.importing.records import (
    columns_of,
    delimiter_of,
    header_of,
    records_of,
)
from apps.catalog.domain.importing.shopify_rows import Row, old_name
from apps.catalog.types import DRAFT, MAX_OPTIONS, PUBLISHED, UNPUBLISHED, MediaRef

_TEXTS = {
    "title": "title",
    "body (html)": "description",
    "vendor": "brand",
    "type": "product_type",
    "seo title": "seo_title",
    "seo description": "seo_description",
}
_STATUSES = {"active": PUBLISHED, "draft": DRAFT, "archived": UNPUBLISHED, "unlisted": UNPUBLISHED}


def read(file: IO[bytes], *, currency: str) -> Iterator[Incoming | RowFault]:
    """The products of a file. Raises Refused where the file is not of this format at all."""
    header = header_of(file)
    delimiter = delimiter_of(header)
    names = columns_of(header, delimiter, '"')
    columns = {old_name(name): at for at, name in reversed(list(enumerate(names)))}
    if not columns.keys() >= {"handle", "title"}:
        raise Refused("", "the header needs Handle and Title", "header")
    rows: list[Row] = []
    for record in records_of(file, width=len(names), delimiter=delimiter, quote='"'):
        if isinstance(record, RowFault):
            yield from _product(rows, currency)
            rows = []
            yield record
            continue
        row = Row(record, columns, names)
        if rows and row.text("handle") != rows[0].text("handle"):
            yield from _product(rows, currency)
            rows = []
        rows.append(row)
    yield from _product(rows, currency)


def _product(rows: list[Row], currency: str) -> Iterator[Incoming]:
    if not rows:
        return
    first, last_row = rows[0], rows[-1].row
    faults = Faults(first.row, last_row)
    handle = first.text("handle")
    if not handle:
        faults.note(first.pointer("handle"), "must not be empty", "blank")
    names = _option_names(first)
    whole = bool(first.text("title"))
    yield Incoming(
        row=first.row,
        last_row=last_row,
        size=sum(row.size for row in rows),
        slug=handle,
        external_id=first.text("shop / external id") or None,
        told=_told(first, rows, faults) if whole else {},
        option_names=names if whole else None,
        category_paths=_category_paths(first) if whole else None,
        status=_status(first, faults) if whole else None,
        skus=tuple(_sku(row, names, currency, faults) for row in rows if _has_variant(row)),
        faults=tuple(faults.found),
    )


def _option_names(first: Row) -> tuple[str, ...]:
    names = [first.text(f"option{n} name") for n in range(1, MAX_OPTIONS + 1)]
    if names[0].lower() == "title" and first.text("option1 value").lower() == "default title":
        return ()
    return tuple(name for name in names if name)


def _told(first: Row, rows: list[Row], faults: Faults) -> dict[str, Any]:
    told: dict[str, Any] = {
        field: first.raw(column) if field == "description" else first.text(column)
        for column, field in _TEXTS.items()
        if first.has(column)
    }
    if first.has("tags"):
        tags = (tag.strip() for tag in first.text("tags").split(","))
        told["tags"] = tuple(dict.fromkeys(tag for tag in tags if tag))
    if first.has("image src"):
        told["media"] = _media(rows, faults)
    if first.has("shop / attributes"):
        told["attributes"] = faults.read({}, _attributes, first)
    elif extras := first.extras():
        told["attributes"] = extras
    return told


def _attributes(first: Row) -> dict[str, Any]:
    text, pointer = first.text("shop / attributes"), first.pointer("shop / attributes")
    try:
        attributes = json.loads(text) if text else {}
    except ValueError as error:
        raise Refused(pointer, str(error), "json") from error
    if not isinstance(attributes, dict):
        raise Refused(pointer, "must be a JSON object", "json")
    return {
        name: attribute_of(value, pointer)
        for name, value in attributes.items()
        if value is not None
    }


def _media(rows: list[Row], faults: Faults) -> tuple[MediaRef, ...]:
    found: list[tuple[int, int, MediaRef]] = []
    for row in rows:
        if url := row.text("image src"):
            position = faults.read(None, row.count, "image position", row=row.row)
            ref = MediaRef(url=url, alt=row.text("image alt text"))
            found.append((position or len(found) + 1, len(found), ref))
    by_url = {ref.url: ref for _, _, ref in sorted(found, key=lambda entry: entry[:2])}
    return tuple(by_url.values())


def _category_paths(first: Row) -> tuple[tuple[str, ...], ...] | None:
    if first.has("shop / categories"):
        return paths_of(first.text("shop / categories"))
    return paths_of(first.text("product category")) or None


def _status(first: Row, faults: Faults) -> str | None:
    if exact := first.text("shop / status"):
        return exact
    status = faults.read(None, _word_of_status, first)
    published = faults.read(None, first.truth, "published")
    if published is None:
        return status
    if not published:
        return DRAFT if status in (None, DRAFT, PUBLISHED) else status
    return status or PUBLISHED


def _word_of_status(first: Row) -> str | None:
    word = first.text("status").lower()
    if word and word not in _STATUSES:
        raise Refused(first.pointer("status"), f"{word[:40]!r} is no status", "status")
    return _STATUSES.get(word)


def _has_variant(row: Row) -> bool:
    return any(row.text(name) for name in ("option1 value", "variant sku", "variant price"))


def _sku(row: Row, names: tuple[str, ...], currency: str, faults: Faults) -> IncomingSku:
    values = [row.text(f"option{n} value") for n in range(1, MAX_OPTIONS + 1)]
    return IncomingSku(
        row=row.row,
        code=row.text("variant sku"),
        option_values=tuple(value for value in values[: len(names)] if value) if names else (),
        told=_told_of_sku(row, faults),
        offer=_offer(row, currency, faults),
    )


def _told_of_sku(row: Row, faults: Faults) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for column, field in _COUNTS.items():
        if row.has(column):
            told[field] = faults.read(None, row.count, column, row=row.row)
    for column, field in _SKU_TEXTS.items():
        if row.has(column):
            told[field] = row.text(column)
    if row.has("variant barcode"):
        told["barcode"] = barcode_of(row.text("variant barcode"))
    shipped = faults.read(None, row.truth, "variant requires shipping", row=row.row)
    if shipped is not None:
        told["requires_shipping"] = shipped
    told.update(_tax_class(row, faults))
    told.update({"status": row.text("shop / sku status")} if row.text("shop / sku status") else {})
    return told


_COUNTS = {
    "variant grams": "weight_grams",
    "shop / length mm": "length_mm",
    "shop / width mm": "width_mm",
    "shop / height mm": "height_mm",
}
_SKU_TEXTS = {
    "variant image": "image",
    "shop / hs code": "hs_code",
    "shop / country of origin": "country_of_origin",
}


def _tax_class(row: Row, faults: Faults) -> dict[str, str]:
    if exact := row.text("shop / tax class"):
        return {"tax_class": exact}
    taxable = faults.read(None, row.truth, "variant taxable", row=row.row)
    return {} if taxable is None else {"tax_class": "standard" if taxable else "zero"}


def _offer(row: Row, currency: str, faults: Faults) -> Offer:
    amounts, compared = (
        faults.read({}, row.amounts, column, currency, row=row.row)
        for column in ("variant price", "variant compare at price")
    )
    on_hand = faults.read(None, row.stock, "variant inventory qty", row=row.row)
    return Offer(prices=prices_of(amounts, compared), on_hand=on_hand)
