"""The sample shop: what every screen has to show."""

import io
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from stdnum import ean

from apps.accounts import services as accounts
from apps.analytics import services as analytics
from apps.catalog import services as catalog
from apps.catalog.types import ProductFilter
from apps.inventory import services as inventory
from apps.orders.events import OrderCreated
from apps.orders.services import statuses_of
from apps.payments import services as payments
from apps.search import services as search
from apps.search.types import Market, SearchProducts
from apps.shipping import services as shipping
from ecommerce import clock
from ecommerce.events.registry import name_of
from ecommerce.events.testing import drain, published
from ecommerce.http.pagination import Page
from ecommerce.identity import SYSTEM
from ecommerce.testing import JsonClient
from sampleshop import content, loading
from sampleshop.rules import PASSWORD
from sampleshop.screen import Screen

LOADED_AT = clock.now()


def hits(**search_for: Any) -> Any:
    return search.search_products(SearchProducts(**search_for))


def orders() -> dict[str, Any]:
    """The first event of every order, by its id."""
    return {event.payload["orderId"]: event.payload for event in published(name_of(OrderCreated))}


def _sixty_products_are_on_sale_with_valid_barcodes() -> None:
    products, more = catalog.list_products(
        wanted=ProductFilter(status="PUBLISHED"), viewer=SYSTEM, page=Page(size=100)
    )
    skus = [sku for product in products for sku in product.skus]

    assert (len(products), more, len(skus)) == (60, False, 170)
    assert all(ean.is_valid(sku.barcode) for sku in skus)
    assert all(product.media and all(sku.image for sku in product.skus) for product in products)


def _the_storefront_shows_them_all_with_facets() -> None:
    found = hits()

    assert found.total == 60
    assert '"url":"/api/v1/media/' in found.hits.json
    brands = {value.value: value.count for value in found.facets["brand"]}
    assert len(brands) > 5
    assert {value.value for value in found.facets["option.Color"]} >= {"Ink", "Forest"}
    assert hits(category="home/kitchen").total == 9
    assert hits(category="home").total > hits(category="home/kitchen").total
    assert 50 < hits(in_stock=True).total < 60


def _a_page_is_german_for_germans_and_priced_in_both_currencies() -> None:
    german = Market(locale="de")
    page = search.product_page(slug="enamel-mug", market=german, now=LOADED_AT)
    dollars = search.product_page(slug="enamel-mug", market=Market(currency="USD"), now=LOADED_AT)

    assert page["title"] == "Emaillebecher"
    assert page["breadcrumbs"][0][1]["name"] == "Küche"
    assert page["skus"][0]["price"] == {"amount": 1450, "currency": "EUR"}
    assert page["skus"][0]["compareAtPrice"] == {"amount": 1800, "currency": "EUR"}
    assert dollars["title"] == "Enamel Mug"
    assert dollars["skus"][0]["price"] == {"amount": 1600, "currency": "USD"}
    assert hits(market=german, text="Emaillebecher").total == 1


def _the_storefront_serves_pages_and_pictures() -> None:
    api = JsonClient()
    listed = api.get("/api/v1/storefront/catalog?currency=USD&locale=de").json()
    page = api.get(f"/api/v1/storefront/products/{listed['results'][0]['slug']}").json()

    assert len(listed["results"]) == 24
    assert listed["results"][0]["price"]["currency"] == "USD"
    assert len(page["media"]) >= 1
    assert all(api.get(one["url"]).status_code == 200 for one in page["media"])


def _orders_of_two_months_stand_in_every_state() -> None:
    states = Counter(statuses_of(order_ids=[UUID(one) for one in orders()]).values())

    assert set(states) == {"PAID", "FULFILLED", "COMPLETED", "CANCELED"}
    assert sum(states.values()) == 85


def _revenue_of_sixty_days_is_counted() -> None:
    start = (LOADED_AT - timedelta(days=70)).date()
    takings = analytics.daily_revenue(start=start, end=LOADED_AT.date())

    assert len({one.day for one in takings}) > 45
    assert {one.currency for one in takings} == {"EUR", "USD"}
    assert sum(one.canceled_orders for one in takings) == 5


def _stock_and_books_agree() -> None:
    assert inventory.audit_stock().clean
    assert payments.audit_ledger().clean
    assert payments.audit_ledger().entries_checked > 80


def _a_customer_signs_in_and_sees_her_orders() -> None:
    user_id = accounts.check_credentials(email="ada@shop.example", password=PASSWORD, now=LOADED_AT)

    assert len(analytics.orders_by_customer(customer_id=user_id)) > 5


def _parcels_wait_are_packed_and_travel() -> None:
    warehouse = Counter(
        shipping.fulfilment_of_order(order_id=order_id, viewer=SYSTEM).state
        for order_id, status in statuses_of(order_ids=[UUID(one) for one in orders()]).items()
        if status != "CANCELED"
    )

    assert set(warehouse) >= {"REQUESTED", "PICKING", "PACKED", "SHIPPED", "DELIVERED"}


def _it_can_be_sent_to_every_country_of_a_customer_in_its_currency() -> None:
    for customer in content.shop()["customers"]:
        options = shipping.shipping_options(
            country=customer["country"],
            weight_grams=900,
            currency=customer.get("currency", "EUR"),
            channel="web",
        )
        assert [option.code for option in options] == ["standard", "express"]


def _a_second_load_changes_nothing() -> None:
    before = len(published())

    assert not loading.load(Screen(io.StringIO()), now=LOADED_AT)
    drain()

    assert len(published()) == before


@pytest.mark.django_db
def test_every_screen_has_something_to_show(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """One test, because loading takes long; small pictures are soon drawn."""
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr("sampleshop.pictures.SIDE", 64)
    screen = Screen(io.StringIO())

    assert loading.load(screen, now=LOADED_AT)
    assert loading.bring_up_to_date(screen)

    _sixty_products_are_on_sale_with_valid_barcodes()
    _the_storefront_shows_them_all_with_facets()
    _a_page_is_german_for_germans_and_priced_in_both_currencies()
    _the_storefront_serves_pages_and_pictures()
    _orders_of_two_months_stand_in_every_state()
    _revenue_of_sixty_days_is_counted()
    _stock_and_books_agree()
    _a_customer_signs_in_and_sees_her_orders()
    _parcels_wait_are_packed_and_travel()
    _it_can_be_sent_to_every_country_of_a_customer_in_its_currency()
    _a_second_load_changes_nothing()
