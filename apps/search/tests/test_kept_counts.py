"""What is kept of the facets is what counting them anew finds, whatever happened in whichever order."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction

from apps.catalog.events import (
    CategoryCreated,
    CategoryDeleted,
    ProductPublished,
    ProductUnpublished,
    ProductUpdated,
)
from apps.catalog.types import Category, Product
from apps.search import services
from apps.search.models import Document, Shelf
from apps.search.queries.browsing import count_facets, find_hits
from apps.search.queries.counting import kept_counts
from apps.search.tests.test_storefront import price, product
from apps.search.types import Hits, Market, SearchProducts
from ecommerce.clock import now
from ecommerce.events import publish
from ecommerce.ids import new_id
from ecommerce.sql import fetch_all
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
Drain = Callable[..., Any]


class Merchandiser:
    """Does what a merchandiser may do, at random; tells it in the order that it comes to mind."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.categories = [new_id() for _ in range(5)]
        self.products: list[Product] = []

    def act(self) -> None:
        acts = (
            self.publish,
            self.publish,
            self.price,
            self.plant,
            self.change,
            self.hide,
            self.fell,
        )
        self.random.choice(acts)()

    def publish(self) -> None:
        self.products.append(self.drawn(product("Mug")))
        self.tell(self.products[-1])
        self.price()

    def change(self) -> None:
        if self.products:
            number = self.random.randrange(len(self.products))
            self.products[number] = self.drawn(self.products[number])
            one = self.products[number]
            publish(ProductUpdated(product_id=one.product_id, product=one, changes=()))

    def hide(self) -> None:
        if self.products:
            one = self.random.choice(self.products)
            publish(
                ProductUnpublished(
                    product_id=one.product_id, slug=one.slug, sku_ids=(), reason="", version=2
                )
            )

    def price(self) -> None:
        if self.products:
            currency = self.random.choice(("EUR", "USD"))
            publish(price(self.random.choice(self.products), 1000, currency=currency))

    def plant(self) -> None:
        """A category appears, or turns up below others: any that come before it, so without circles."""
        number = self.random.randrange(5)
        above = tuple(one for one in self.categories[:number] if self.random.random() < 0.5)
        publish(CategoryCreated(merchant="default", category_id=self.categories[number],
            category=category(self.categories[number], above)))  # fmt: skip

    def fell(self) -> None:
        gone = self.random.choice(self.categories)
        publish(CategoryDeleted(merchant="default", category_id=gone, path="gone"))

    def tell(self, one: Product) -> None:
        publish(ProductPublished(product_id=one.product_id, product=one))

    def drawn(self, one: Product) -> Product:
        draw = self.random
        return replace(
            one,
            brand=draw.choice(("", "Acme", "Bolt")),
            tags=tuple(draw.sample(("new", "sale: now", "eco"), draw.randrange(3))),
            category_ids=tuple(draw.sample(self.categories, draw.randrange(4))),
            status=draw.choice(("PUBLISHED", "PUBLISHED", "DRAFT")),
        )


def category(category_id: UUID, above: tuple[UUID, ...]) -> Category:
    return Category(
        category_id=category_id, merchant="default", parent_id=above[-1] if above else None,
        name=f"N{category_id.hex[-4:]}", slug=category_id.hex, path=category_id.hex,
        ancestor_ids=above, position=0, description="", seo_title="", seo_description="",
        names={}, external_id=None, version=1,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_kept_counts_are_those_that_counting_finds(drain: Drain, seed: int) -> None:
    merchandiser = Merchandiser(seed)
    for _ in range(8):
        with transaction.atomic():
            for _ in range(merchandiser.random.randrange(1, 6)):
                merchandiser.act()
        drain()

        for currency in ("EUR", "USD"):
            market = Market(currency=currency)
            for category in ("", *map(str, merchandiser.categories)):
                search = SearchProducts(market=market, category=category, size=100)
                counted = {row for row in count_facets(search) if row[2]}
                assert set(kept_counts(market, category=category, most=100)) == counted
                if category:
                    assert _products(find_hits(search)) == stands_in(search)


def _products(hits: Hits) -> set[UUID]:
    return {UUID(hit["productId"]) for hit in orjson.loads(hits.json)}


def stands_in(search: SearchProducts) -> set[UUID]:
    """The products on sale in the category or below it, by what is known of each of them."""
    rows = fetch_all(
        """
        SELECT d.product_id FROM search_document d JOIN search_listing l USING (product_id)
        WHERE l.currency = %(currency)s AND EXISTS (
            SELECT FROM search_category c WHERE c.category_id = ANY(d.category_ids)
                AND %(category)s::uuid = ANY(c.ancestor_ids || c.category_id))
            AND EXISTS (SELECT FROM search_category WHERE category_id = %(category)s::uuid)
        """,
        currency=search.market.currency,
        category=search.category,
    )
    return {product_id for (product_id,) in rows}


def test_a_price_that_begins_by_itself_is_counted(drain: Drain) -> None:
    begins = now() + timedelta(hours=1)
    mug = product("Mug")
    with transaction.atomic():
        publish(ProductPublished(product_id=mug.product_id, product=mug))
        publish(price(mug, 500, valid_from=begins))
    drain()
    assert kept_counts(Market(), most=5) == []

    services.turn_prices(now=begins + timedelta(seconds=1))

    assert (None, None, 1) in kept_counts(Market(), most=5)


def test_only_the_most_frequent_values_are_read(drain: Drain) -> None:
    with transaction.atomic():
        for brand in ("Acme", "Acme", "Bolt", "Coil"):
            one = product("Mug", brand=brand)
            publish(ProductPublished(product_id=one.product_id, product=one))
            publish(price(one, 1000))
    drain()

    brands = [
        row for row in kept_counts(Market(), most=2) if row[0] and row[0].startswith("brand:")
    ]
    assert brands == [("brand:Acme", None, 2), ("brand:Bolt", None, 1)]


def test_a_list_of_everything_tells_the_kept_counts(api: JsonClient, drain: Drain) -> None:
    mug = product('Mug "4" oz', brand="Acme")
    with transaction.atomic():
        publish(ProductPublished(product_id=mug.product_id, product=mug))
        publish(price(mug, 1000))
    drain()

    answer = api.post("/api/v1/search", {"query": ""}).json()

    assert (answer["total"], answer["results"][0]["title"]) == (1, 'Mug "4" oz')
    assert answer["facets"]["brand"] == [
        {"value": "Acme", "label": "Acme", "count": 1, "selected": False}
    ]


def test_a_product_without_a_card_is_listed_all_the_same(api: JsonClient, drain: Drain) -> None:
    mug = product("Mug", brand='6" Acme')
    with transaction.atomic():
        publish(ProductPublished(product_id=mug.product_id, product=mug))
        publish(price(mug, 1000))
    drain()
    whole = api.get("/api/v1/storefront/catalog").json()["results"]

    Document.objects.update(card="")

    assert api.get("/api/v1/storefront/catalog").json()["results"] == whole


def test_a_listing_that_does_not_say_when_it_was_published_is_listed_all_the_same(
    api: JsonClient, drain: Drain
) -> None:
    """As the release before left it, until the product changes."""
    kitchen = new_id()
    mugs = [product(f"Mug {number}", category_ids=(kitchen,)) for number in range(3)]
    with transaction.atomic():
        publish(CategoryCreated(merchant="default", category_id=kitchen, category=category(kitchen, ())))  # fmt: skip
        for mug in mugs:
            publish(ProductPublished(product_id=mug.product_id, product=mug))
            publish(price(mug, 1000))
    drain()
    Shelf.objects.filter(product_id=mugs[0].product_id).update(published_at=None)

    first = api.json_of(
        "GET", f"/api/v1/storefront/catalog?category={kitchen}&pageSize=2", status=200
    )
    second = api.json_of("GET", first["next"], status=200)

    shown = [one["productId"] for one in [*first["results"], *second["results"]]]
    assert sorted(shown) == sorted(str(mug.product_id) for mug in mugs)
