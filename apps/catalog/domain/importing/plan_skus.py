"""What an incoming product changes among the product's SKUs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from apps.catalog.domain.importing.incoming import Faults, Incoming, IncomingSku, Refused
from apps.catalog.domain.slug import slug_of
from apps.catalog.types import ACTIVE, ProductSku

_MEMBERS = tuple(f.name for f in fields(ProductSku))
_UNTOLD: Mapping[str, Any] = {
    "barcode": "",
    "weight_grams": None,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "hs_code": "",
    "country_of_origin": "",
    "tax_class": "standard",
    "requires_shipping": True,
    "status": ACTIVE,
    "image": None,
    "version": 1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a plan is made on."""

    merchant: str
    seller: str
    now: datetime
    new_id: Callable[[], UUID]


class Family(NamedTuple):
    """What SKUs have of their product."""

    product_id: UUID
    slug: str
    title: str
    seller: str
    option_names: tuple[str, ...]
    skus: tuple[ProductSku, ...]
    """Those that it has so far."""


def merged_skus(
    incoming: Incoming, product: Family, ground: Ground, faults: Faults
) -> tuple[tuple[ProductSku, ...], dict[UUID, IncomingSku]]:
    """The product's SKUs with what the file tells of them, new ones behind; and what that was."""
    skus = [faults.read(sku, _renamed, sku, product) for sku in product.skus]
    merged: dict[UUID, IncomingSku] = {}
    for told in incoming.skus:
        if len(told.option_values) != len(product.option_names):
            wanted = ", ".join(product.option_names) or "none"
            faults.note("/options", f"must be one for each of: {wanted}", "options", row=told.row)
            continue
        at = _index_of(told, skus) if skus else None
        if at is None:
            at = len(skus)
            values = _blank_sku(told, product, at, ground)
        else:
            values = {name: getattr(skus[at], name) for name in _MEMBERS}
        if values["sku_id"] in merged:
            faults.note("/code", "the file tells of this SKU twice", "duplicate", row=told.row)
            continue
        merged[values["sku_id"]] = told
        skus[at : at + 1] = [_merged(values, told, product)]
    return (_titled(skus, product) if product.skus else tuple(skus)), merged


def _merged(values: dict[str, Any], told: IncomingSku, product: Family) -> ProductSku:
    options = dict(zip(product.option_names, told.option_values, strict=True))
    values |= told.told
    values["image"] = values["image"] or None
    values["options"] = options
    values["title"] = _title(options, product)
    if told.code:
        values["code"] = told.code
    return ProductSku(**values)


def _renamed(sku: ProductSku, product: Family) -> ProductSku:
    if len(sku.options) != len(product.option_names):
        detail = f"SKU {sku.code} is not in the file and has {len(sku.options)} options"
        raise Refused("/optionNames", detail, "options_in_use")
    options = dict(zip(product.option_names, sku.options.values(), strict=True))
    return sku if options == sku.options else replace(sku, options=options)


def _index_of(told: IncomingSku, skus: Sequence[ProductSku]) -> int | None:
    """By its code; by its options where the file tells no code, or another one for them."""
    coded = (at for at, sku in enumerate(skus) if told.code and sku.code == told.code)
    if (at := next(coded, None)) is not None:
        return at
    same = [at for at, sku in enumerate(skus) if tuple(sku.options.values()) == told.option_values]
    active = [at for at in same if skus[at].status == ACTIVE]
    return next(iter(active or same), None)


def _blank_sku(told: IncomingSku, product: Family, position: int, ground: Ground) -> dict[str, Any]:
    """A SKU of which nothing is told but that it is there."""
    return {
        "sku_id": ground.new_id(),
        "product_id": product.product_id,
        "code": told.code or _made_code(told, product),
        "seller": product.seller,
        "position": position,
        "created_at": ground.now,
        "updated_at": ground.now,
        **_UNTOLD,
    }


def _made_code(told: IncomingSku, product: Family) -> str:
    tail = slug_of("-".join(told.option_values))
    return f"{product.slug}-{tail}".strip("-")[:128]


def _titled(skus: Sequence[ProductSku], product: Family) -> tuple[ProductSku, ...]:
    """Those it had before, too, under titles that follow from their options or from the product's title."""
    titles = [_title(sku.options, product) for sku in skus]
    return tuple(
        sku if sku.title == title else replace(sku, title=title)
        for sku, title in zip(skus, titles, strict=True)
    )


def _title(options: Mapping[str, str], product: Family) -> str:
    return " / ".join(options.values()) or product.title
