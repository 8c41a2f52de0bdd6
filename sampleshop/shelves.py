"""Filling the shelves: categories, products with their pictures, prices, stock and German texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, TypeAlias
from uuid import UUID

from apps.catalog import services as catalog
from apps.catalog.types import CategoryFields, MediaRef, Product, ProductFields, SkuFields
from apps.inventory import services as inventory
from apps.inventory.types import AdjustStock
from apps.pim import services as pim
from apps.pim.types import ContentKey, Texts
from apps.pricing import services as pricing
from apps.pricing.types import PriceRow, SetPrices
from ecommerce.dimensions import CHANNEL
from ecommerce.identity import SYSTEM
from sampleshop import content
from sampleshop.pictures import draw

CURRENCIES = ("EUR", "USD")
SHELF = 60
"""Units of a SKU over all locations; each tenth SKU is short, each twenty-fifth is sold out."""
Pictures: TypeAlias = Mapping[tuple[str, str | None], MediaRef]
"""By the product's slug and the colour, None where it comes in one look only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A product in one of its colours, or as it is."""

    entry: Mapping[str, Any]
    color: str | None

    @property
    def slug(self) -> str:
        return str(self.entry["slug"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """A product on the shelf, with the entry of products.toml that it came from."""

    product: Product
    entry: Mapping[str, Any]
    samples: tuple[content.SampleSku, ...]


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


def looks() -> list[Look]:
    """Every product in each of its colours."""
    return [Look(entry=entry, color=one) for entry in content.products() for one in _colors(entry)]


def _colors(entry: Mapping[str, Any]) -> list[str | None]:
    return list(entry.get("options", {}).get("Color", [None]))


def paint(look: Look) -> bytes:
    """The product in its colour, as a PNG."""
    return draw(look.entry["shape"], color=look.color, material=look.entry["material"])


def hang(look: Look, picture: bytes, *, now: datetime) -> MediaRef:
    """Keep the picture. The same picture is kept once."""
    title, color = look.entry["title"], look.color
    name = f"{look.slug}-{color.lower()}" if color else look.slug
    alt = f"{title} in {color}" if color else title
    file = BytesIO(picture)
    media = catalog.upload_media(file=file, file_name=f"{name}.png", alt=alt, now=now)
    return MediaRef(url=media.url, alt=alt, media_id=media.media_id)


def fill(
    categories: Mapping[str, UUID], pictures: Pictures, *, opened: datetime
) -> Iterator[Shelved]:
    """Create and publish the products, one an hour from the opening on; yields as it goes."""
    for number, entry in enumerate(content.products()):
        now = opened + timedelta(hours=number)
        samples = tuple(content.skus_of(number, entry))
        created = catalog.create_product(
            _fields(entry, categories[entry["category"]], pictures),
            skus=[_sku(entry, sample, pictures) for sample in samples],
            now=now,
        )
        product = catalog.publish_product(product_id=created.product_id, viewer=SYSTEM, now=now)
        yield Shelved(product=product, entry=entry, samples=samples)


def _fields(entry: Mapping[str, Any], category: UUID, pictures: Pictures) -> ProductFields:
    return ProductFields(
        title=entry["title"],
        slug=entry["slug"],
        description=entry["text"],
        brand=entry["brand"],
        product_type=entry["category"].rpartition("/")[2].capitalize(),
        category_ids=(category,),
        attributes={"Material": entry["material"]},
        option_names=tuple(entry.get("options", {})),
        media=tuple(pictures[entry["slug"], color] for color in _colors(entry)),
    )


def _sku(entry: Mapping[str, Any], sample: content.SampleSku, pictures: Pictures) -> SkuFields:
    length, width, height = entry["size"]
    options = dict(zip(entry.get("options", {}), sample.values, strict=True))
    return SkuFields(
        code=sample.code,
        options=options,
        barcode=sample.barcode,
        weight_grams=sample.weight_grams,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        hs_code=entry["hs"],
        country_of_origin="DE",
        tax_class=entry.get("tax", "standard"),
        image=pictures[entry["slug"], options.get("Color")].url,
    )


def translate(shelved: Shelved, *, now: datetime) -> None:
    """Write the German texts and approve them; they reach the product by event."""
    key = ContentKey(product_id=shelved.product.product_id, locale="de")
    texts = Texts(title=shelved.entry["de"], description=shelved.entry["de_text"])
    draft = pim.save_draft(key=key, texts=texts, expected_version=None, viewer=SYSTEM, now=now)
    pim.approve_content(key=key, expected_version=draft.version, viewer=SYSTEM, now=now)


def set_prices(shelf: list[Shelved], *, now: datetime) -> None:
    """Every SKU in both currencies, some beside what it cost before."""
    for index, currency in enumerate(CURRENCIES):
        prices = pricing.ensure_price_list(channel=CHANNEL, currency=currency, now=now)
        rows = tuple(
            PriceRow(
                sku_id=sku.sku_id,
                amount_minor=(sample.euro_minor, sample.dollar_minor)[index],
                compare_at_minor=shelved.entry.get("was", [None, None])[index],
            )
            for shelved in shelf
            for sku, sample in zip(shelved.product.skus, shelved.samples, strict=True)
        )
        pricing.set_prices(SetPrices(price_list_id=prices.id, rows=rows), now=now)


def receive(shelf: list[Shelved]) -> None:
    """The opening stock of every SKU, shared out over the warehouses."""
    ids = [sku.sku_id for shelved in shelf for sku in shelved.product.skus]
    receipts = [
        AdjustStock(
            sku_id=sku_id,
            delta=part,
            reason="received",
            kind="receipt",
            location=location["code"],
            reference="opening stock",
        )
        for number, sku_id in enumerate(ids)
        for location in content.shop()["locations"]
        if (part := _units(number) * location["share"] // 100)
    ]
    refused = [item for item in inventory.bulk_adjust(receipts) if item.status == "refused"]
    if refused:
        raise RuntimeError(f"The opening stock was refused: {refused[0].detail}")


def plentiful(shelf: list[Shelved]) -> list[UUID]:
    """The SKUs that are neither short nor sold out."""
    ids = [sku.sku_id for shelved in shelf for sku in shelved.product.skus]
    return [sku_id for number, sku_id in enumerate(ids) if _units(number) == SHELF]


def _units(number: int) -> int:
    if number % 25 == 24:
        return 0
    return 4 if number % 10 == 9 else SHELF
