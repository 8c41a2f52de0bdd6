"""Filling the shelves: categories, products with pictures and German texts, prices and stock."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.catalog import services as catalog
from apps.catalog.types import CategoryFields, MediaRef, Product, ProductFields, SkuFields
from apps.inventory import services as inventory
from apps.pricing import services as pricing
from apps.pricing.types import PriceRow, SetPrices
from ecommerce.dimensions import CHANNEL
from ecommerce.identity import SYSTEM
from sampleshop import content
from sampleshop.pictures import draw

CURRENCIES = ("EUR", "USD")
SHELF = 60
"""Units of a SKU over all locations; each tenth SKU is short, each twenty-fifth is sold out."""


def plant_categories(*, now: datetime) -> dict[str, UUID]:
    """The tree; ids by path."""
    planted: dict[str, UUID] = {}
    for top in content.shop()["categories"]:
        root = _plant(top, parent=None, now=now)
        planted[top["slug"]] = root
        for child in top["children"]:
            planted[f"{top['slug']}/{child['slug']}"] = _plant(child, parent=root, now=now)
    return planted


def _plant(node: Mapping[str, Any], *, parent: UUID | None, now: datetime) -> UUID:
    fields = CategoryFields(name=node["name"], slug=node["slug"], names={"de": node["de"]})
    return catalog.create_category(fields, parent_id=parent, now=now).category_id


def fill(categories: Mapping[str, UUID], *, now: datetime) -> Iterator[Product]:
    """Create and publish each product, priced and stocked; yields as it goes."""
    lists = {
        currency: pricing.ensure_price_list(channel=CHANNEL, currency=currency, now=now).id
        for currency in CURRENCIES
    }
    for number, entry in enumerate(content.products()):
        samples = list(content.skus_of(number, entry))
        product = catalog.create_product(
            _fields(entry, categories[entry["category"]], now=now),
            skus=[_sku(entry, sample) for sample in samples],
            now=now,
        )
        ids = {sku.code: sku.sku_id for sku in product.skus}
        _price(entry, samples, ids, lists, now=now)
        _stock(samples, ids, first=number * 7)
        yield catalog.publish_product(product_id=product.product_id, viewer=SYSTEM, now=now)


def _fields(entry: Mapping[str, Any], category: UUID, *, now: datetime) -> ProductFields:
    return ProductFields(
        title=entry["title"],
        slug=entry["slug"],
        description=entry["text"],
        brand=entry["brand"],
        product_type=entry["category"].rpartition("/")[2].capitalize(),
        category_ids=(category,),
        attributes={"Material": entry["material"]},
        option_names=tuple(entry.get("options", {})),
        media=tuple(_pictures(entry, now=now)),
    )


def _pictures(entry: Mapping[str, Any], *, now: datetime) -> Iterator[MediaRef]:
    """One picture in each colour."""
    for color in entry.get("options", {}).get("Color", [None]):
        name = "-".join(filter(None, [entry["slug"], color and color.lower()]))
        alt = f"{entry['title']} in {color}" if color else entry["title"]
        picture = draw(entry["shape"], color=color, material=entry["material"])
        media = catalog.upload_media(file=picture, file_name=f"{name}.png", alt=alt, now=now)
        yield MediaRef(url=media.url, alt=alt, media_id=media.media_id)


def _sku(entry: Mapping[str, Any], sample: content.SampleSku) -> SkuFields:
    length, width, height = entry["size"]
    return SkuFields(
        code=sample.code,
        options=dict(zip(entry.get("options", {}), sample.values, strict=True)),
        barcode=sample.barcode,
        weight_grams=sample.weight_grams,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        hs_code=entry["hs"],
        country_of_origin="DE",
        tax_class=entry.get("tax", "standard"),
    )


def _price(
    entry: Mapping[str, Any],
    samples: list[content.SampleSku],
    ids: Mapping[str, UUID],
    lists: Mapping[str, UUID],
    *,
    now: datetime,
) -> None:
    was = entry.get("was", [None, None])
    for index, currency in enumerate(CURRENCIES):
        rows = tuple(
            PriceRow(
                sku_id=ids[sample.code],
                amount_minor=(sample.euro_minor, sample.dollar_minor)[index],
                compare_at_minor=was[index],
            )
            for sample in samples
        )
        pricing.set_prices(SetPrices(price_list_id=lists[currency], rows=rows), now=now)


def _stock(samples: list[content.SampleSku], ids: Mapping[str, UUID], *, first: int) -> None:
    for number, sample in enumerate(samples, start=first):
        units = 0 if number % 25 == 24 else 4 if number % 10 == 9 else SHELF
        for location in content.shop()["locations"]:
            part = units * location["share"] // 100
            if part:
                inventory.receive_stock(
                    sku_id=ids[sample.code],
                    quantity=part,
                    location=location["code"],
                    reference="Opening stock of the sample shop",
                    idempotency_key=f"sample:{sample.code}:{location['code']}",
                )
