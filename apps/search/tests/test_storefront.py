"""The storefront shows what the other rooms told of, and finds it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction

from apps.catalog.events import ProductPublished, ProductUnpublished
from apps.catalog.types import LocalizedText, Product, ProductSku
from apps.inventory.events import AvailableUpdated
from apps.pricing.events import PriceChanged, PriceCreated
from apps.search import services
from apps.search.types import Market, SearchProducts
from ecommerce.clock import now
from ecommerce.events import publish
from ecommerce.ids import new_id
from ecommerce.operations.metrics import PRODUCT_CACHE
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
Drain = Callable[..., Any]


def product(title: str, *, brand: str = "Acme", color: str = "Red", **more: Any) -> Product:
    product_id, moment = new_id(), now()
    sku = ProductSku(
        sku_id=new_id(), product_id=product_id, code=f"SKU-{product_id.hex[-8:]}", title=title,
        options={"Color": color}, barcode="", weight_grams=100, length_mm=None, width_mm=None,
        height_mm=None, hs_code="", country_of_origin="", tax_class="standard",
        requires_shipping=True, seller="house", status="ACTIVE", image=None, position=0, version=1,
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "product_id": product_id, "merchant": "default", "seller": "house", "external_id": None,
        "slug": f"{title.lower().replace(' ', '-')}-{product_id.hex[-4:]}", "title": title,
        "description": "", "brand": brand, "product_type": "", "tags": (), "status": "PUBLISHED",
        "category_ids": (), "attributes": {}, "media": (), "option_names": ("Color",),
        "seo_title": "", "seo_description": "", "texts": (), "skus": (sku,), "version": 1,
        "created_at": moment, "updated_at": moment, "published_at": moment,
    }  # fmt: skip
    return Product(**(fields | more))


def price(product: Product, amount: int, **more: Any) -> PriceCreated:
    fields: dict[str, Any] = {
        "price_id": new_id(), "price_list_id": new_id(), "price_list_code": "web-eur",
        "priority": 0, "sku_id": product.skus[0].sku_id, "channel": "web", "currency": "EUR",
        "includes_tax": True, "min_quantity": 1, "amount": amount, "compare_at": None,
        "valid_from": now() - timedelta(days=1), "valid_to": None,
    }  # fmt: skip
    return PriceCreated(**(fields | more))


@transaction.atomic
def sell(one: Product, *, amount: int = 1000, available: int = 5) -> Product:
    publish(ProductPublished(product_id=one.product_id, product=one))
    publish(price(one, amount))
    publish(AvailableUpdated(sku_id=one.skus[0].sku_id, available=available))
    return one


def found(**asked: Any) -> list[UUID]:
    return [UUID(hit["productId"]) for hit in listed(with_facets=False, **asked)]


def listed(**asked: Any) -> list[dict[str, Any]]:
    """What a list shows, as shoppers get it."""
    hits: list[dict[str, Any]] = orjson.loads(
        services.search_products(SearchProducts(**asked)).hits.json
    )
    return hits


def test_a_product_page_has_texts_live_price_and_stock_in_one_statement(
    api: JsonClient, drain: Drain, django_assert_num_queries: Any
) -> None:
    mug = sell(product("Blue mug"), amount=1250, available=3)
    drain()

    with django_assert_num_queries(1):
        page = api.get(f"/api/v1/storefront/products/{mug.slug}")

    assert page.status_code == 200
    sku = page.json()["skus"][0]
    assert sku["price"] == {"amount": 1250, "currency": "EUR"}
    assert (sku["available"], page.json()["inStock"]) == (3, True)


def test_a_page_that_did_not_change_is_not_sent_again(api: JsonClient, drain: Drain) -> None:
    mug = sell(product("Blue mug"))
    drain()
    first = api.get(f"/api/v1/storefront/products/{mug.product_id}")
    PRODUCT_CACHE.clear()

    again = api.get(
        f"/api/v1/storefront/products/{mug.product_id}", headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert PRODUCT_CACHE.labels("hit")._value.get() == 1


def test_an_unpublished_product_is_gone(api: JsonClient, drain: Drain) -> None:
    mug = sell(product("Blue mug"))
    with transaction.atomic():
        publish(
            ProductUnpublished(
                product_id=mug.product_id, slug=mug.slug, sku_ids=(), reason="", version=2
            )
        )
    drain()

    assert api.get(f"/api/v1/storefront/products/{mug.product_id}").status_code == 404
    assert found() == []


def test_a_price_that_is_told_before_its_product_is_not_lost(drain: Drain) -> None:
    mug = product("Blue mug")
    with transaction.atomic():
        publish(price(mug, 700))
    drain()
    with transaction.atomic():
        publish(ProductPublished(product_id=mug.product_id, product=mug))
    drain()

    assert found() == [mug.product_id]


def test_the_same_events_twice_change_nothing(drain: Drain) -> None:
    mug = sell(product("Blue mug"), amount=900)
    drain()
    sell(mug, amount=900)
    drain()

    assert found() == [mug.product_id]
    assert listed_price() == 900


def test_a_scheduled_price_begins_by_itself(drain: Drain) -> None:
    mug = sell(product("Blue mug"), amount=1000)
    begins = now() + timedelta(hours=1)
    with transaction.atomic():
        publish(price(mug, 800, priority=1, valid_from=begins))
    drain()
    assert listed_price() == 1000

    assert services.turn_prices(now=begins + timedelta(seconds=1)) == 1
    assert listed_price() == 800
    assert page_price(mug, at=begins + timedelta(seconds=1)) == 800
    assert services.turn_prices(now=begins + timedelta(seconds=2)) == 0


def test_a_price_that_took_anothers_place_is_the_only_one(drain: Drain) -> None:
    mug = product("Blue mug")
    old = price(mug, 1000)
    with transaction.atomic():
        publish(ProductPublished(product_id=mug.product_id, product=mug))
        publish(old)
    drain()
    fields = {name: getattr(price(mug, 1500), name) for name in PriceCreated.__dataclass_fields__}
    fields["valid_from"] = now()
    with transaction.atomic():
        publish(PriceChanged(**fields, previous_price_id=old.price_id, previous_amount=1000))
    drain()

    assert listed_price() == 1500


def listed_price() -> int:
    price: int = listed()[0]["price"]["amount"]
    return price


def page_price(one: Product, *, at: datetime) -> int:
    page = services.product_page(product_id=one.product_id, market=Market(), now=at)
    amount: int = page["skus"][0]["price"]["amount"]
    return amount


def test_search_finds_words_stems_and_slips_of_the_finger(drain: Drain) -> None:
    kettle = sell(product("Enamel kettle", description="For boiling water"))
    sell(product("Linen apron"))
    drain()

    for text in ("kettle", "kettles", "boil", "enamle ketle", kettle.skus[0].code):
        assert found(text=text)[:1] == [kettle.product_id], text
    assert found(text="zeppelin") == []


def test_a_german_shopper_reads_and_finds_german(api: JsonClient, drain: Drain) -> None:
    mug = sell(product("Blue mug", description="For tea", texts=(german("Blaue Tassen"),)))
    drain()

    page = api.get(f"/api/v1/storefront/products/{mug.slug}?locale=de-AT").json()
    assert (page["title"], page["description"]) == ("Blaue Tassen", "For tea")
    assert found(text="Tasse", market=Market(locale="de")) == [mug.product_id]


def german(title: str) -> LocalizedText:
    return LocalizedText(locale="de", channel="web", title=title)


def test_a_part_of_a_word_finds_the_title_in_the_shoppers_language(
    api: JsonClient, drain: Drain, django_assert_num_queries: Any
) -> None:
    mug = sell(product("Enamel mug", texts=(german("Emaillebecher"),)))
    sell(product("Leather belt", texts=(german("Ledergürtel"),)))
    drain()
    found(text="anything")  # how large the shop is, is asked once a minute

    with django_assert_num_queries(2):
        answer = api.get("/api/v1/storefront/catalog?q=Becher&locale=de&facets=true").json()

    assert [hit["title"] for hit in answer["results"]] == ["Emaillebecher"]
    assert answer["total"] == 1
    assert found(text="aillebech", market=Market(locale="de")) == [mug.product_id]
    assert found(text="aillebech", market=Market(locale="en")) == []


def test_whole_words_come_before_parts_and_what_only_sounds_alike_comes_not_at_all(
    drain: Drain,
) -> None:
    whole = sell(product("Mug of tin, and a cup", texts=(german("Ein alter roter Becher"),)))
    part = sell(product("Enamel mug", texts=(german("Emaillebecher"),)))
    alike = sell(product("Goblet", texts=(german("Bechar"),)))
    drain()
    market = Market(locale="de")

    assert found(text="Becher", market=market) == [whole.product_id, part.product_id]
    assert found(text="maillebecher", market=market) == [part.product_id]
    assert found(text="Bechaar", market=market)[:1] == [alike.product_id]
    assert found(text="roter becher", market=market) == [whole.product_id]


def test_pages_of_near_and_nearer_hits_show_every_product_once(
    api: JsonClient, drain: Drain
) -> None:
    for number in range(4):
        sell(product("Mug", texts=(german(f"Becher {number}"),)))
        sell(product("Mug", texts=(german(f"Teebecher {number}"),)))
    drain()
    seen: list[str] = []
    url: str | None = "/api/v1/storefront/catalog?q=becher&locale=de&pageSize=3"
    while url:
        page = api.get(url).json()
        seen += [hit["title"].split()[0] for hit in page["results"]]
        url = page["next"]

    assert seen == ["Becher"] * 4 + ["Teebecher"] * 4


def test_suggestions_are_in_the_shoppers_language(api: JsonClient, drain: Drain) -> None:
    mug = sell(product("Enamel mug", texts=(german("Emaillebecher"),)))
    drain()

    answer = api.get("/api/v1/search/suggestions", {"q": "email", "locale": "de"}).json()

    wanted = {"kind": "product", "text": "Emaillebecher", "target": mug.slug}
    assert answer["suggestions"] == [wanted]


def test_each_facet_counts_what_its_value_would_leave(drain: Drain) -> None:
    for brand, color in [("Acme", "Red"), ("Acme", "Blue"), ("Bolt", "Red"), ("Bolt", "Red")]:
        sell(product("Mug", brand=brand, color=color))
    drain()
    chosen = {"brand": ("Acme",)}

    facets = services.search_products(SearchProducts(filters=chosen)).facets

    brands = {value.value: (value.count, value.selected) for value in facets["brand"]}
    assert brands == {"Acme": (2, True), "Bolt": (2, False)}
    assert {value.value: value.count for value in facets["option.Color"]} == {"Blue": 1, "Red": 1}
    for left in facets["option.Color"]:
        assert left.count == len(found(filters=chosen | {"option.Color": (left.value,)}))


@pytest.mark.parametrize("sort", ["newest", "price", "-price", "title"])
def test_pages_show_every_product_once_and_turn_back(
    api: JsonClient, drain: Drain, sort: str, django_assert_num_queries: Any
) -> None:
    for number in range(7):
        sell(product(f"Mug {number % 3}"), amount=100 + number % 2)
    drain()
    seen: list[str] = []
    url, previous = f"/api/v1/storefront/catalog?pageSize=3&sort={sort}", None
    while url:
        with django_assert_num_queries(1):
            page = api.get(url).json()
        seen += [hit["productId"] for hit in page["results"]]
        url, previous = page["next"], page["previous"] or previous

    assert len(seen) == len(set(seen)) == 7
    assert previous is not None
    back = api.get(previous).json()
    assert [hit["productId"] for hit in back["results"]] == seen[3:6]


def test_a_cursor_of_another_order_is_refused(api: JsonClient, drain: Drain) -> None:
    for _ in range(2):
        sell(product("Mug"))
    drain()
    cursor = api.get("/api/v1/storefront/catalog?pageSize=1").json()["next"].split("cursor=")[1]

    answer = api.get(f"/api/v1/storefront/catalog?sort=price&pageSize=1&cursor={cursor}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid/cursor")


def test_a_search_with_facets_costs_two_statements(
    api: JsonClient, drain: Drain, django_assert_num_queries: Any
) -> None:
    sell(product("Enamel kettle"))
    drain()
    found(text="anything")  # how large the shop is, is asked once a minute

    with django_assert_num_queries(2):
        answer = api.post("/api/v1/search", {"query": "kettle", "filters": {"brand": ["Acme"]}})

    assert (answer.status_code, answer.json()["total"]) == (200, 1)


@pytest.mark.parametrize("text", ["'", '"open quote', "a & | !", "%", "\\", "<->", "ü" * 200, "-"])
def test_no_text_breaks_the_search(api: JsonClient, drain: Drain, text: str) -> None:
    sell(product("Enamel kettle"))
    drain()

    assert api.post("/api/v1/search", {"query": text}).status_code == 200
    assert api.get("/api/v1/search/suggestions", {"q": text[:100]}).status_code == 200


def test_suggestions_begin_with_what_was_typed(api: JsonClient, drain: Drain) -> None:
    kettle = sell(product("Enamel kettle", brand="Enoch"))
    sell(product("Linen apron"))
    drain()

    answer = api.get("/api/v1/search/suggestions", {"q": "en"}).json()["suggestions"]

    assert {"kind": "product", "text": "Enamel kettle", "target": kettle.slug} in answer
    assert {"kind": "brand", "text": "Enoch", "target": "Enoch"} in answer


def test_in_stock_hides_what_is_sold_out(drain: Drain) -> None:
    mug, tea = sell(product("Mug"), available=0), sell(product("Tea"))
    drain()

    assert found(in_stock=True) == [tea.product_id]
    assert set(found()) == {mug.product_id, tea.product_id}
