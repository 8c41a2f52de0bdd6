"""What a product and a SKU must be like."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter, gt

from apps.catalog.domain.slug import is_slug
from apps.catalog.domain.trade_numbers import gtin_fault, is_country, is_hs_code
from apps.catalog.types import (
    ACTIVE,
    MAX_OPTIONS,
    Attribute,
    MediaRef,
    Product,
    ProductFields,
    ProductSku,
    SkuFields,
)
from ecommerce.errors import Fault
from ecommerce.html import safe_html

MAX_ATTRIBUTES = 1000
MAX_DESCRIPTION = 500_000
MAX_MEDIA = 250
MAX_INTEGER = 2**31 - 1
_TEXTS = {
    "slug": 255,
    "title": 512,
    "description": MAX_DESCRIPTION,
    "brand": 255,
    "product_type": 255,
    "seo_title": 512,
    "seo_description": 10_000,
    "seller": 64,
    "merchant": 64,
}
_texts_of = attrgetter(*_TEXTS)
_LIMITS = tuple(_TEXTS.values())
_MEASURES = ("weight_grams", "length_mm", "width_mm", "height_mm")
_measures_of = attrgetter(*_MEASURES)


def product_faults(product: ProductFields | Product) -> list[Fault]:
    """Everything that is wrong with a product's own fields."""
    faults: list[Fault] = []
    texts = _texts_of(product)
    if any(map(gt, map(len, texts), _LIMITS)) or "\x00" in "".join(texts):
        for (name, limit), text in zip(_TEXTS.items(), texts, strict=True):
            faults += text_faults(name, text, limit)
    for number, tag in enumerate(product.tags):
        faults += text_faults(f"tags/{number}", tag, 255)
    faults += text_faults("externalId", product.external_id or "", 128)
    faults += _naming_faults(product)
    faults += _tag_faults(product.tags)
    if product.option_names:
        faults += _option_name_faults(product.option_names)
    if product.attributes:
        faults += _attribute_faults(product.attributes)
    if product.media:
        faults += _media_faults(product.media)
    return faults


def _naming_faults(fields: ProductFields | Product) -> Iterator[Fault]:
    if not fields.title.strip():
        yield Fault(pointer="/title", detail="must not be empty", code="blank")
    if fields.slug and not is_slug(fields.slug):
        yield Fault(pointer="/slug", detail="must be letters, digits, - _ . only", code="slug")
    if fields.external_id == "":
        yield Fault(pointer="/externalId", detail="must not be empty", code="blank")
    if len(set(fields.category_ids)) < len(fields.category_ids):
        yield Fault(pointer="/categoryIds", detail="names a category twice", code="duplicate")


def _tag_faults(tags: Sequence[str]) -> Iterator[Fault]:
    for number, tag in enumerate(tags):
        if not tag or "," in tag:
            yield Fault(pointer=f"/tags/{number}", detail="is empty or has a comma", code="tag")


def text_faults(name: str, text: str, limit: int) -> Sequence[Fault]:
    """What is wrong with a text of that greatest length; names are in snake_case."""
    if len(text) <= limit and "\x00" not in text:
        return ()
    pointer = f"/{_camel(name)}"
    faults = []
    if len(text) > limit:
        faults.append(Fault(pointer=pointer, detail=f"is longer than {limit}", code="max_length"))
    if "\x00" in text:
        detail = "has a NUL character"
        faults.append(Fault(pointer=pointer, detail=detail, code="null_character"))
    return faults


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _option_name_faults(names: Sequence[str]) -> Iterator[Fault]:
    if len(names) > MAX_OPTIONS:
        yield Fault(pointer="/optionNames", detail=f"are more than {MAX_OPTIONS}", code="max_items")
    if len({name.casefold() for name in names}) < len(names):
        yield Fault(pointer="/optionNames", detail="has a name twice", code="duplicate")
    for number, name in enumerate(names):
        if not name.strip():
            yield Fault(pointer=f"/optionNames/{number}", detail="must not be empty", code="blank")
        yield from text_faults(f"optionNames/{number}", name, 64)


def _attribute_faults(attributes: Mapping[str, Attribute]) -> Iterator[Fault]:
    if len(attributes) > MAX_ATTRIBUTES:
        yield Fault(
            pointer="/attributes", detail=f"are more than {MAX_ATTRIBUTES}", code="max_items"
        )
    for name, value in attributes.items():
        if why := _attribute_fault(name, value):
            pointer = f"/attributes/{name[:128].replace('~', '~0').replace('/', '~1')}"
            yield Fault(pointer=pointer, detail=why, code="attribute")


def _attribute_fault(name: str, value: Attribute) -> str:
    if not 0 < len(name) <= 128 or "\x00" in name:
        return "has a name that is empty or too long"
    if isinstance(value, str):
        return _attribute_text_fault(value)
    if isinstance(value, tuple):
        return next((why for text in value if (why := _attribute_text_fault(text))), "")
    return "" if _is_exact(value) else "is not a finite number below 2^53"


def _attribute_text_fault(text: str) -> str:
    return "has a NUL or is too long" if len(text) > 50_000 or "\x00" in text else ""


def _is_exact(value: float) -> bool:
    """Whether every JSON reader reads the same number (RFC 8259 section 6)."""
    return math.isfinite(value) and abs(value) < 2**53


def tidied(fields: ProductFields) -> ProductFields:
    """As it is stored: no blanks around names and titles, which no person can see; no HTML that can run."""
    texts = ("title", "slug", "brand", "product_type", "seo_title", "seo_description")
    return replace(
        fields,
        **{name: getattr(fields, name).strip() for name in texts},
        description=safe_html(fields.description),
        external_id=fields.external_id.strip() if fields.external_id is not None else None,
        tags=tuple(dict.fromkeys(tag.strip() for tag in fields.tags)),
        category_ids=tuple(fields.category_ids),
        option_names=tuple(name.strip() for name in fields.option_names),
        media=tuple(
            replace(ref, url=ref.url.strip(), alt=ref.alt.strip())
            for ref in {ref.url: ref for ref in fields.media}.values()
        ),
    )


def tidied_sku(fields: SkuFields) -> SkuFields:
    """Likewise for a SKU."""
    return replace(
        fields,
        code=fields.code.strip(),
        image=fields.image.strip(),
        tax_class=fields.tax_class.strip(),
        options={name.strip(): value.strip() for name, value in fields.options.items()},
    )


def _media_faults(media: Sequence[MediaRef]) -> Iterator[Fault]:
    if len(media) > MAX_MEDIA:
        yield Fault(pointer="/media", detail=f"are more than {MAX_MEDIA}", code="max_items")
    for number, ref in enumerate(media):
        if not ref.url.startswith(("https://", "http://", "/")):
            yield Fault(
                pointer=f"/media/{number}/url", detail="must be an http(s) address", code="url"
            )
        yield from text_faults(f"media/{number}/url", ref.url, 2048)
        yield from text_faults(f"media/{number}/alt", ref.alt, 512)


def sku_faults(sku: SkuFields | ProductSku, option_names: Sequence[str]) -> list[Fault]:
    """Everything that is wrong with a SKU's own fields."""
    faults = [*text_faults("code", sku.code, 128), *text_faults("image", sku.image or "", 2048)]
    for name, text in sku.options.items():
        faults += text_faults(f"options/{name}", text, 255)
    faults += _code_faults(sku)
    if sku.options or option_names:
        faults += _option_faults(sku.options, option_names)
    faults += _number_faults(sku)
    faults += _measure_faults(sku)
    return faults


def _code_faults(fields: SkuFields | ProductSku) -> Iterator[Fault]:
    if not fields.code.strip():
        yield Fault(pointer="/code", detail="must not be empty", code="blank")
    if not fields.tax_class.strip() or len(fields.tax_class) > 32 or "\x00" in fields.tax_class:
        yield Fault(pointer="/taxClass", detail="must have 1 to 32 characters", code="length")


def _option_faults(options: Mapping[str, str], names: Sequence[str]) -> Iterator[Fault]:
    if set(options) != set(names):
        wanted = ", ".join(names) or "none"
        yield Fault(pointer="/options", detail=f"must be one for each of: {wanted}", code="options")
    if any(not value.strip() for value in options.values()):
        yield Fault(pointer="/options", detail="must not be empty", code="blank")


def _number_faults(fields: SkuFields | ProductSku) -> Iterator[Fault]:
    if fields.barcode and (why := gtin_fault(fields.barcode)):
        yield Fault(pointer="/barcode", detail=why, code="gtin")
    if fields.hs_code and not is_hs_code(fields.hs_code):
        yield Fault(pointer="/hsCode", detail="must be 6 to 10 digits", code="hs_code")
    if fields.country_of_origin and not is_country(fields.country_of_origin):
        yield Fault(pointer="/countryOfOrigin", detail="is not ISO 3166-1 alpha-2", code="country")


def _measure_faults(fields: SkuFields | ProductSku) -> Iterator[Fault]:
    for name, value in zip(_MEASURES, _measures_of(fields), strict=True):
        if value is not None and not 0 <= value <= MAX_INTEGER:
            yield Fault(
                pointer=f"/{_camel(name)}", detail=f"must be 0 to {MAX_INTEGER}", code="range"
            )


def publishing_faults(product: Product) -> list[Fault]:
    """What keeps a product from shoppers: it needs a title and something that can be bought."""
    faults = []
    if not product.title.strip():
        faults.append(Fault(pointer="/title", detail="must not be empty", code="blank"))
    if not any(sku.status == ACTIVE for sku in product.skus):
        faults.append(Fault(pointer="/skus", detail="has no active SKU", code="no_active_sku"))
    return faults
