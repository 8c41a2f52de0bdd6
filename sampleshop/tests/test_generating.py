"""The same seed makes the same shop, once, however often and in however many parts it is asked for."""

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from apps.analytics import services as analytics
from apps.catalog import services as catalog
from apps.catalog.types import MediaRef
from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.pricing import services as pricing
from apps.search import services as search
from apps.search.types import SearchProducts
from ecommerce import clock
from ecommerce.events.testing import drain, published
from ecommerce.identity import SYSTEM
from sampleshop.generating import run, words
from sampleshop.generating.dice import EPOCH, Dice, id_of
from sampleshop.generating.orders import order_id, order_of, tax_within
from sampleshop.generating.products import World, offers_of, prices_of, product_id, product_of
from sampleshop.screen import Screen

WORLD = World(
    seed=7,
    categories={thing.noun: UUID(int=1) for _, thing in words.THINGS},
    pictures={thing.noun: MediaRef(url="/p.png") for _, thing in words.THINGS},
    price_lists={"EUR": "web-eur", "USD": "web-usd"},
)
NUMBERS = st.integers(0, 2_000_000)


@pytest.fixture(autouse=True)
def _small_pictures(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr("sampleshop.pictures.SIDE", 16)
    settings.MEDIA_ROOT = str(tmp_path)


def generate(products: int, order_count: int = 0, seed: int = 7) -> run.Generated:
    screen = Screen(io.StringIO())
    return run.generate(
        screen, products=products, order_count=order_count, seed=seed, now=clock.now()
    )


def skus_of(numbers: range, seed: int = 7) -> list[UUID]:
    return [offer.sku_id for number in numbers for offer in offers_of(seed, number)]


def test_what_a_seed_makes_is_written_in_stone() -> None:
    product = product_of(WORLD, 41)

    assert str(product.product_id) == "018cc251-f429-7820-a557-180dfec48582"
    assert product.slug == "festive-walnut-camp-chair-7-41"
    assert [price.amount_minor for price in prices_of(WORLD, 41)] == [13490, 14839]


@given(NUMBERS)
def test_a_product_is_the_same_every_time_and_another_with_another_seed(number: int) -> None:
    other = World(
        seed=8,
        categories=WORLD.categories,
        pictures=WORLD.pictures,
        price_lists=WORLD.price_lists,
    )

    assert product_of(WORLD, number) == product_of(WORLD, number)
    assert product_of(WORLD, number).slug != product_of(other, number).slug
    assert not set(skus_of(range(number, number + 1))) & set(
        skus_of(range(number, number + 1), seed=8)
    )
    assert all(ean.is_valid(sku.barcode) for sku in product_of(WORLD, number).skus)


@given(NUMBERS)
def test_ids_are_versions_seven_and_sort_by_number(number: int) -> None:
    first, second = id_of(7, "product", number), id_of(7, "product", number + 1)

    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < second


@given(NUMBERS, st.integers(1, 1_000_000))
def test_an_order_adds_up(number: int, products: int) -> None:
    placed = order_of(7, number, products=products).placed

    assert placed.total_minor == sum(one.total_minor for one in placed.lines) + 490
    assert placed.tax_minor == sum(one.tax_minor for one in placed.lines) + tax_within(490)
    assert len({one.sku_id for one in placed.lines}) == len(placed.lines)
    assert EPOCH < placed.placed_at < datetime(2025, 2, 1, tzinfo=UTC)


@given(st.integers(0, 10**9))
def test_the_tax_within_an_amount_is_the_nearest_minor_unit(gross: int) -> None:
    assert abs(tax_within(gross) * 119 - gross * 19) * 2 <= 119


@given(st.integers(0, 100), st.integers(1, 50))
def test_dice_stay_below_their_limit(number: int, limit: int) -> None:
    dice = Dice(7, "any", number)

    assert all(0 <= dice.below(limit) < limit for _ in range(20))


@pytest.mark.django_db
def test_generated_products_are_on_sale_and_their_orders_are_counted() -> None:
    assert generate(30, 20) == run.Generated(products=30, orders=20)
    drain()

    found = search.search_products(SearchProducts(size=24))
    assert found.total == 30
    hits = orjson.loads(found.hits.json)
    assert all(hit["price"]["amount"] > 0 for hit in hits)
    assert any(hit["inStock"] for hit in hits)
    takings = analytics.daily_revenue(start=EPOCH.date(), end=date(2026, 1, 1))
    states = orders.statuses_of(order_ids=[order_id(7, number) for number in range(20)])
    assert sum(one.orders for one in takings) == list(states.values()).count("COMPLETED") > 0
    first = orders.get_order(order_id=order_id(7, 0), viewer=SYSTEM)
    assert first.number == "G7-0"
    assert inventory.audit_stock().clean


@pytest.mark.django_db
def test_the_same_seed_again_changes_nothing() -> None:
    generate(10, 5)
    before = len(published())

    assert generate(10, 5) == run.Generated(products=0, orders=0)
    assert len(published()) == before


@pytest.mark.django_db
def test_another_seed_and_more_of_the_same_are_added() -> None:
    generate(10)

    assert generate(10, seed=8) == run.Generated(products=10, orders=0)
    assert generate(25) == run.Generated(products=15, orders=0)
    found = catalog.get_products(ids=[product_id(7, number) for number in range(30)])
    assert len(found) == 25


@pytest.mark.django_db
def test_a_killed_run_is_taken_up_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(inventory, "load_stock", die)
        with pytest.raises(KeyboardInterrupt):
            generate(10)
    generate(10)

    skus = skus_of(range(10))
    prices = pricing.prices_for(sku_ids=skus, channel="web", currency="USD", now=clock.now())
    assert prices.keys() == inventory.availability(sku_ids=skus).keys() == set(skus)
