"""Words that very many products have: the newest are ranked and counted, and none is out of reach."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection

from apps.search import services
from apps.search.queries import crowding
from apps.search.tests.test_storefront import product, sell
from apps.search.types import SearchProducts
from ecommerce.clock import now
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
MUGS = 60


@pytest.fixture
def mugs(drain: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Their titles, oldest first, in a shop for which ten are a crowd; each dearer than the one before."""
    moment = now() - timedelta(days=90)
    titles = [f"Mug number {n}" for n in range(MUGS)]
    for number, title in enumerate(titles):
        sell(
            product(title, published_at=moment + timedelta(days=number), color=f"C{number % 3}"),
            amount=100 + number,
        )
    drain()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document")
    monkeypatch.setattr(crowding, "RANKED", 5)
    monkeypatch.setattr(crowding, "_CROWDED", 10)
    return titles


def titles_of(results: Any) -> list[str]:
    return [hit["title"] for hit in orjson.loads(results.hits.json)]


def test_the_newest_are_ranked_and_counted(mugs: list[str]) -> None:
    results = services.search_products(SearchProducts(text="mug", size=3))

    assert set(titles_of(results)) <= set(mugs[-15:])
    assert not results.exact
    assert results.total is not None
    assert 4 <= results.total <= 15
    assert sum(value.count for value in results.facets["option.Color"]) == results.total


def test_every_hit_can_be_reached_page_by_page(mugs: list[str], api: JsonClient) -> None:
    seen: list[str] = []
    link = "/api/v1/storefront/catalog?query=mug&pageSize=7"
    while link:
        page = api.json_of("GET", link, status=200)
        seen += [one["title"] for one in page["results"]]
        link = page["next"]

    assert len(seen) == len(set(seen)) == MUGS


@pytest.mark.parametrize(
    ("sort", "first"), [("price", 0), ("-price", -1), ("newest", -1), ("title", 0)]
)
def test_other_orders_look_at_all_of_them(mugs: list[str], sort: str, first: int) -> None:
    results = services.search_products(SearchProducts(text="mug", size=2, sort=sort))

    assert titles_of(results)[0] == mugs[first]
    assert not results.exact


def test_filters_find_what_is_not_among_the_newest(mugs: list[str]) -> None:
    results = services.search_products(SearchProducts(text="mug", max_price_minor=102))

    assert sorted(titles_of(results)) == sorted(mugs[:3])
    assert (results.total, results.exact) == (3, True)


@pytest.mark.parametrize("sort", ["", "price", "-price", "newest", "title"])
def test_what_is_counted_is_no_less_than_what_is_shown(mugs: list[str], sort: str) -> None:
    """Thirty old mugs, of which none is among the newest: more than a page."""
    search = SearchProducts(text="mug", max_price_minor=129, size=20, sort=sort)
    results = services.search_products(search)

    assert len(titles_of(results)) == 20
    assert (results.total, results.exact) == (30, True)
    assert sum(value.count for value in results.facets["option.Color"]) == 30


def test_words_that_few_have_are_found_whole(mugs: list[str]) -> None:
    results = services.search_products(SearchProducts(text="mug 17"))

    assert titles_of(results)[0] == "Mug number 17"
    assert results.exact


def test_a_word_that_nobody_has_costs_no_look_at_all(mugs: list[str]) -> None:
    assert services.search_products(SearchProducts(text="zeppelin", sort="title")).total == 0


def test_the_answer_says_that_it_counted_some(mugs: list[str], api: JsonClient) -> None:
    crowd = api.json_of("POST", "/api/v1/search", {"query": "mug", "pageSize": 3}, status=200)
    few = api.json_of("POST", "/api/v1/search", {"query": "mug 17"}, status=200)

    assert (crowd["totalIsExact"], few["totalIsExact"]) == (False, True)
