"""Loading what a seed makes, a slice at a time, from where an earlier run came to."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from apps.catalog import services as catalog
from apps.catalog.types import CategoryFields, MediaRef
from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.pricing import services as pricing
from ecommerce.dimensions import CHANNEL, LOCATION
from ecommerce.http.pagination import Page
from sampleshop.generating import words
from sampleshop.generating.dice import id_of
from sampleshop.generating.orders import order_id, order_of
from sampleshop.generating.products import (
    World,
    offers_of,
    prices_of,
    product_id,
    product_of,
    stock_of,
)
from sampleshop.pictures import draw
from sampleshop.screen import Screen

SLICE = 2_000
CURRENCIES = ("EUR", "USD")
_ANY_SEED = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Generated:
    """How many are new. None at all where this seed was loaded before."""

    products: int
    orders: int


def generate(
    screen: Screen, *, products: int, order_count: int, seed: int, now: datetime
) -> Generated:
    """Load the products of the seed with prices and stock, then its orders.

    What is there already is passed over, so it may be repeated, go on after a kill, or ask for more.
    Memory does not grow with the numbers.
    """
    first_product = _first_missing(products, lambda number: _has_product(seed, number))
    half_done = first_product and not _has_stock(seed, first_product - 1)
    first_order = _first_missing(order_count, lambda number: _has_order(seed, number))
    if half_done or first_product < products:
        world = _world(screen, seed, now=now)
        if half_done:
            _price_and_stock(world, range(max(0, first_product - SLICE), first_product), now=now)
        _load_products(screen, world, first_product, products, now=now)
    if first_order < order_count:
        _load_orders(screen, seed, first_order, order_count, products=products)
    return Generated(products=products - first_product, orders=order_count - first_order)


def _first_missing(count: int, is_there: Callable[[int], bool]) -> int:
    """Things are loaded in order, so those that are there come first."""
    return bisect_left(range(count), True, key=lambda number: not is_there(number))


def _has_product(seed: int, number: int) -> bool:
    return bool(catalog.get_products(ids=[product_id(seed, number)]))


def _has_stock(seed: int, number: int) -> bool:
    """Stock is loaded last, so who has it has all the rest."""
    last = offers_of(seed, number)[-1].sku_id
    return bool(inventory.sku_stock(sku_id=last).levels)


def _has_order(seed: int, number: int) -> bool:
    return bool(orders.statuses_of(order_ids=[order_id(seed, number)]))


def _world(screen: Screen, seed: int, *, now: datetime) -> World:
    with screen.step("categories and pictures"):
        inventory.ensure_location(code=LOCATION)
        return World(
            seed=seed,
            categories=_plant_categories(now=now),
            pictures={thing.noun: _picture(thing, now=now) for _, thing in words.THINGS},
            price_lists={
                currency: pricing.ensure_price_list(
                    channel=CHANNEL, currency=currency, now=now
                ).code
                for currency in CURRENCIES
            },
        )


def _plant_categories(*, now: datetime) -> dict[str, UUID]:
    """A tree of shelves and nouns that all seeds share; the leaves by noun."""
    known = _known_categories()
    leaves: dict[str, UUID] = {}
    for shelf, things in words.SHELVES.items():
        root = _plant(shelf, None, known, number=len(leaves), now=now)
        for thing in things:
            number = 1000 + len(leaves)
            leaves[thing.noun] = _plant(thing.noun, root, known, number=number, now=now)
    return leaves


def _known_categories() -> set[UUID]:
    wanted = Page(size=10_000)
    found, _ = catalog.list_categories(parent_id=None, path="", page=wanted)
    return {category.category_id for category in found}


def _plant(name: str, parent: UUID | None, known: set[UUID], *, number: int, now: datetime) -> UUID:
    category_id = id_of(_ANY_SEED, "category", number)
    if category_id not in known:
        fields = CategoryFields(name=name)
        catalog.create_category(fields, parent_id=parent, now=now, category_id=category_id)
    return category_id


def _picture(thing: words.Thing, *, now: datetime) -> MediaRef:
    file = BytesIO(draw(thing.shape, color=None, material="Oak"))
    media = catalog.upload_media(file=file, file_name=f"{thing.shape}.png", alt=thing.noun, now=now)
    return MediaRef(url=media.url, alt=thing.noun, media_id=media.media_id)


def _load_products(screen: Screen, world: World, first: int, count: int, *, now: datetime) -> None:
    with screen.step("products with prices and stock", count - first) as advance:
        for numbers in _slices(first, count):
            catalog.load_products(product_of(world, number) for number in numbers)
            _price_and_stock(world, numbers, now=now)
            advance(len(numbers))


def _price_and_stock(world: World, numbers: range, *, now: datetime) -> None:
    """What is there already is passed over."""
    prices = (price for number in numbers for price in prices_of(world, number))
    pricing.load_prices(prices, now=now)
    inventory.load_stock(level for number in numbers for level in stock_of(world, number))


def _load_orders(screen: Screen, seed: int, first: int, count: int, *, products: int) -> None:
    with screen.step("past orders", count - first) as advance:
        for numbers in _slices(first, count):
            orders.load_orders(order_of(seed, number, products=products) for number in numbers)
            advance(len(numbers))


def _slices(first: int, count: int) -> Iterator[range]:
    for start in range(first, count, SLICE):
        yield range(start, min(start + SLICE, count))
