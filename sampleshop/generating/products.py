"""What a product of a seed looks like."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from apps.catalog.types import ACTIVE, PUBLISHED, MediaRef, Product, ProductSku
from apps.inventory.types import OpeningStock
from apps.pricing.types import LoadedPrice
from ecommerce.dimensions import MERCHANT, SELLER
from sampleshop.content import gtin13
from sampleshop.generating import words
from sampleshop.generating.dice import EPOCH, Dice, id_of

MOST_SKUS = 16
_GTIN = 210_000_000_000
"""GS1 leaves numbers that begin with 2 to each company's own use; those of the sample shop begin with 20."""


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What all products of a run share."""

    seed: int
    categories: Mapping[str, UUID]
    """Of each noun."""
    pictures: Mapping[str, MediaRef]
    """Of each noun."""
    price_lists: Mapping[str, str]
    """The code of the price list of each currency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A SKU of a generated product and what it costs."""

    sku_id: UUID
    code: str
    options: dict[str, str]
    euro_minor: int
    dollar_minor: int
    was_percent: int | None


def product_id(seed: int, number: int) -> UUID:
    return id_of(seed, "product", number)


def offers_of(seed: int, number: int) -> tuple[Offer, ...]:
    """The SKUs of a product, with their prices."""
    dice = Dice(seed, "offer", number)
    _, thing = thing_of(seed, number)
    euro = thing.least_minor + 100 * dice.below(1 + thing.least_minor // 50)
    was = 110 + 5 * dice.below(6) if dice.below(10) == 0 else None
    return tuple(
        Offer(
            sku_id=id_of(seed, "sku", number * MOST_SKUS + place),
            code=f"G{seed}-{number}-{place}",
            options=options,
            euro_minor=euro,
            dollar_minor=euro * 11 // 10,
            was_percent=was,
        )
        for place, options in enumerate(_options(dice))
    )


def thing_of(seed: int, number: int) -> tuple[str, words.Thing]:
    """The shelf it stands on and the kind of thing it is."""
    return Dice(seed, "thing", number).pick(words.THINGS)


def _options(dice: Dice) -> Iterator[dict[str, str]]:
    """Half have none; the others some colours, or sizes."""
    kind = dice.below(20)
    if kind < 10:
        yield {}
    elif kind < 17:
        first, count = dice.below(len(words.COLORS)), 2 + dice.below(3)
        for step in range(count):
            yield {"Color": words.COLORS[(first + step) % len(words.COLORS)]}
    else:
        for size in words.SIZES[: 2 + dice.below(3)]:
            yield {"Size": size}


def product_of(world: World, number: int) -> Product:
    """The product of that number, published."""
    seed = world.seed
    dice = Dice(seed, "product", number)
    shelf, thing = thing_of(seed, number)
    material = dice.pick(words.MATERIALS)
    title = f"{dice.pick(words.QUALITIES)} {material} {thing.noun}"
    offers = offers_of(seed, number)
    made = EPOCH + timedelta(seconds=number)
    key = product_id(seed, number)
    return Product(
        product_id=key,
        merchant=MERCHANT,
        seller=SELLER,
        external_id=None,
        slug=f"{title.lower().replace(' ', '-')}-{seed}-{number}",
        title=title,
        description=f"{dice.pick(words.SENTENCES)} {dice.pick(words.SENTENCES)}",
        brand=dice.pick(words.BRANDS),
        product_type=thing.noun,
        tags=tuple(sorted({dice.pick(words.TAGS) for _ in range(dice.below(4))})),
        status=PUBLISHED,
        category_ids=(world.categories[thing.noun],),
        attributes={"Material": material, "Shelf": shelf},
        media=(world.pictures[thing.noun],),
        option_names=tuple(offers[0].options),
        seo_title="",
        seo_description="",
        texts=(),
        skus=tuple(
            ProductSku(
                sku_id=offer.sku_id,
                product_id=key,
                code=offer.code,
                title=" / ".join(offer.options.values()) or title,
                options=offer.options,
                barcode=gtin13(_GTIN + (number * MOST_SKUS + place) % 10**10),
                weight_grams=thing.grams,
                length_mm=None,
                width_mm=None,
                height_mm=None,
                hs_code=thing.hs_code,
                country_of_origin="DE",
                tax_class="standard",
                requires_shipping=True,
                seller=SELLER,
                status=ACTIVE,
                image=None,
                position=place,
                version=1,
                created_at=made,
                updated_at=made,
            )
            for place, offer in enumerate(offers)
        ),
        version=1,
        created_at=made,
        updated_at=made,
        published_at=made,
    )


def prices_of(world: World, number: int) -> Iterator[LoadedPrice]:
    """Every SKU in every currency, since the beginning."""
    for offer in offers_of(world.seed, number):
        amounts = {"EUR": offer.euro_minor, "USD": offer.dollar_minor}
        for currency, code in world.price_lists.items():
            amount = amounts[currency]
            yield LoadedPrice(
                price_list_code=code,
                sku_id=offer.sku_id,
                amount_minor=amount,
                compare_at_minor=amount * offer.was_percent // 100 if offer.was_percent else None,
                valid_from=EPOCH,
            )


def stock_of(world: World, number: int) -> Iterator[OpeningStock]:
    """One SKU in thirty is sold out."""
    dice = Dice(world.seed, "stock", number)
    for offer in offers_of(world.seed, number):
        units = 0 if dice.below(30) == 0 else 20 + dice.below(200)
        yield OpeningStock(sku_id=offer.sku_id, on_hand=units)
