"""Products as JSON objects: our own export's lines, and flat rows with one SKU.

``docs/reference/product-files.md`` describes the members. A member that is absent is not told and stays as it
is; one that is null is told to be empty. Where ``skus`` is absent, the SKU's members stand beside the product's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.catalog.domain.importing.cells import (
    amounts_of,
    attribute_of,
    barcode_of,
    count_of,
    is_currency,
    paths_of,
    pointer_to,
    prices_of,
    stock_of,
    truth_of,
)
from apps.catalog.domain.importing.incoming import Faults, Incoming, IncomingSku, Offer, Refused
from apps.catalog.types import MediaRef

_TEXTS = {
    "title": "title",
    "brand": "brand",
    "productType": "product_type",
    "seoTitle": "seo_title",
    "seoDescription": "seo_description",
    "seller": "seller",
}
_NAMES = {"slug": "slug", "externalId": "external_id", "status": "status"}
_SKU_COUNTS = {
    "weightGrams": "weight_grams",
    "lengthMm": "length_mm",
    "widthMm": "width_mm",
    "heightMm": "height_mm",
}
_CODES = {"code": "code", "sku": "sku"}
_SKU_TEXTS = {
    "hsCode": "hs_code",
    "countryOfOrigin": "country_of_origin",
    "taxClass": "tax_class",
    "image": "image",
    "status": "status",
}
_OFFER = frozenset(
    {"price", "compareAtPrice", "priceMinor", "compareAtPriceMinor", "currency", "quantity"}
)
MEMBERS = frozenset(
    {
        *_NAMES, *_TEXTS, *_SKU_COUNTS, *_SKU_TEXTS, *_OFFER, "description", "tags", "categories",
        "attributes", "media", "images", "optionNames", "skus", "sku", "code", "options", "barcode",
        "requiresShipping",
    }
)  # fmt: skip


def incoming_of(item: Mapping[str, Any], *, row: int, size: int, currency: str) -> Incoming:
    """What a JSON object says of a product, and what is wrong with how it says it."""
    faults = Faults(row, row)
    names = faults.read(None, _option_names, item)
    skus = tuple(_skus(item, names, currency, faults))
    named = _plain_texts(item, _NAMES, "", faults)
    return Incoming(
        row=row,
        last_row=row,
        size=size,
        slug=named.get("slug", ""),
        external_id=named.get("external_id") or None,
        told=_told(item, faults),
        option_names=names,
        category_paths=faults.read((), _paths, item) if "categories" in item else None,
        status=named.get("status") or None,
        skus=skus,
        faults=tuple(faults.found),
    )


def _plain_texts(
    item: Mapping[str, Any], fields: Mapping[str, str], at: str, faults: Faults
) -> dict[str, Any]:
    """The texts of those members that are told, under our fields' names."""
    texts: dict[str, Any] = {}
    for member, field in fields.items():
        if member in item:
            value = item[member]
            if isinstance(value, str):  # nearly all are, and calls are what reading costs
                texts[field] = value.strip()
            else:
                texts[field] = faults.read("", _text, item, member, at)
    return texts


def _told(item: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    told = _plain_texts(item, _TEXTS, "", faults)
    if "description" in item:
        told["description"] = faults.read("", _text, item, "description")
    if "tags" in item:
        told["tags"] = tuple(dict.fromkeys(faults.read((), _texts, item, "tags", ",")))
    if "attributes" in item:
        told["attributes"] = _attributes(item["attributes"], faults)
    if "media" in item or "images" in item:
        told["media"] = faults.read((), _media, item)
    return told


def _skus(
    item: Mapping[str, Any], names: tuple[str, ...] | None, currency: str, faults: Faults
) -> Iterator[IncomingSku]:
    """Each SKU; where the object has no list of them, the one whose members stand in it."""
    if "skus" not in item:
        if _has_sku(item):
            yield _sku(item, "", names, currency, faults)
        return
    for number, sku in enumerate(faults.read([], _list, item, "skus")):
        if isinstance(sku, Mapping):
            yield _sku(sku, f"/skus/{number}", names, currency, faults)
        else:
            faults.note(f"/skus/{number}", "must be an object", "object")


def _has_sku(item: Mapping[str, Any]) -> bool:
    return any(item.get(member) not in (None, "") for member in ("sku", "code", "price", "barcode"))


def _option_names(item: Mapping[str, Any]) -> tuple[str, ...] | None:
    if "optionNames" in item:
        return tuple(_texts(item, "optionNames", ","))
    options = item.get("options")
    return tuple(options) if isinstance(options, Mapping) and "skus" not in item else None


def _attributes(value: Any, faults: Faults) -> dict[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        faults.note("/attributes", "must be an object", "object")
        return {}
    return {
        name: faults.read("", attribute_of, v, f"/attributes{pointer_to(name)}")
        for name, v in (value or {}).items()
        if v is not None
    }


def _media(item: Mapping[str, Any]) -> tuple[MediaRef, ...]:
    refs = [MediaRef(url=url) for url in _texts(item, "images", " ") if url]
    for number, entry in enumerate(_list(item, "media")):
        if not isinstance(entry, Mapping):
            raise Refused(f"/media/{number}", "must be an object", "object")
        refs.append(MediaRef(url=_text(entry, "url"), alt=_text(entry, "alt")))
    return tuple(refs)


def _paths(item: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    value = item["categories"]
    if isinstance(value, str):
        return paths_of(value)
    paths: list[tuple[str, ...]] = []
    for number, path in enumerate(_list(item, "categories")):
        if isinstance(path, str):
            paths += paths_of(path)
        elif isinstance(path, list) and all(isinstance(name, str) for name in path):
            paths.append(tuple(stripped for name in path if (stripped := name.strip())))
        else:
            raise Refused(f"/categories/{number}", "must be a list of names", "category")
    return tuple(dict.fromkeys(path for path in paths if path))


def _sku(
    sku: Mapping[str, Any], at: str, names: tuple[str, ...] | None, currency: str, faults: Faults
) -> IncomingSku:
    codes = _plain_texts(sku, _CODES, at, faults)
    return IncomingSku(
        code=codes.get("code") or codes.get("sku") or "",
        option_values=faults.read((), _option_values, sku, at, names),
        told=_told_of_sku(sku, at, faults),
        offer=Offer() if _OFFER.isdisjoint(sku) else _offer(sku, at, currency, faults),
    )


def _told_of_sku(sku: Mapping[str, Any], at: str, faults: Faults) -> dict[str, Any]:
    told: dict[str, Any] = _plain_texts(sku, _SKU_TEXTS, at, faults)
    if not at:
        told.pop("status", None)  # beside the product's members it is the product's
    for member, field in _SKU_COUNTS.items():
        if member in sku:
            told[field] = faults.read(None, _count, sku, member, at)
    if "barcode" in sku:
        told["barcode"] = barcode_of(faults.read("", _text, sku, "barcode", at))
    if "requiresShipping" in sku:
        shipped = faults.read(None, _truth, sku, "requiresShipping", at)
        told |= {} if shipped is None else {"requires_shipping": shipped}
    if told.get("tax_class") == "":
        del told["tax_class"]
    return told


def _count(sku: Mapping[str, Any], member: str, at: str) -> int | None:
    return count_of(_text(sku, member, at), f"{at}/{member}")


def _truth(sku: Mapping[str, Any], member: str, at: str) -> bool | None:
    return truth_of(_text(sku, member, at), f"{at}/{member}")


def _option_values(
    sku: Mapping[str, Any], at: str, names: tuple[str, ...] | None
) -> tuple[str, ...]:
    options = sku.get("options") or {}
    if not options and not names:
        return ()
    if not isinstance(options, Mapping):
        raise Refused(f"{at}/options", "must be an object", "object")
    if names is not None and set(options) != set(names):
        wanted = ", ".join(names) or "none"
        raise Refused(f"{at}/options", f"must be one for each of: {wanted}", "options")
    return tuple(_text(options, name, at) for name in (names or options))


def _offer(sku: Mapping[str, Any], at: str, currency: str, faults: Faults) -> Offer:
    if "currency" in sku:
        currency = faults.read("", _text, sku, "currency", at) or currency
    amounts, compared = (
        faults.read({}, _amounts, sku, member, at, currency)
        if member in sku or f"{member}Minor" in sku
        else {}
        for member in ("price", "compareAtPrice")
    )
    return Offer(
        prices=prices_of(amounts, compared),
        on_hand=faults.read(None, _stock, sku, "quantity", at) if "quantity" in sku else None,
    )


def _stock(sku: Mapping[str, Any], member: str, at: str) -> int | None:
    return stock_of(_text(sku, member, at), f"{at}/{member}")


def _amounts(sku: Mapping[str, Any], member: str, at: str, currency: str) -> dict[str, int]:
    minor = sku.get(f"{member}Minor")
    if minor is None or minor == "":
        return amounts_of(_text(sku, member, at), currency, f"{at}/{member}")
    if not is_currency(currency):
        raise Refused(f"{at}/currency", f"{currency[:20]!r} is no currency", "currency")
    number = _count(sku, f"{member}Minor", at)
    return {} if number is None else {currency: number}


def _text(item: Mapping[str, Any], member: str, at: str = "") -> str:
    """A text; numbers and truth values as JSON writes them, null as empty."""
    value = item.get(member)
    if isinstance(value, str):
        return value if member == "description" else value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Refused(f"{at}/{member}", "must be a text", "text")


def _texts(item: Mapping[str, Any], member: str, separator: str) -> Iterable[str]:
    """A list of texts, or one text with separators."""
    value = item.get(member)
    if isinstance(value, str):
        return [stripped for part in value.split(separator) if (stripped := part.strip())]
    texts = _list(item, member)
    if not all(isinstance(text, str) for text in texts):
        raise Refused(f"/{member}", "must be a list of texts", "text")
    return [text.strip() for text in texts]


def _list(item: Mapping[str, Any], member: str) -> list[Any]:
    value = item.get(member)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(f"/{member}", "must be a list", "list")
    return value
