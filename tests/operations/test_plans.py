"""What is asked all the time is planned once a connection, not each time.

PostgreSQL keeps one plan for all parameters only where that looks no dearer than one for these very
parameters. It always looks dearer where it cannot know how many rows a limit or an array means.
"""

import contextlib
from collections.abc import Callable

import pytest
from django.db import connection

from apps.catalog import services as catalog
from apps.inventory import services as inventory
from apps.pricing import services as pricing
from apps.search import services as search
from apps.search.errors import ProductNotOnSale
from apps.search.types import Market
from ecommerce.clock import now
from ecommerce.ids import new_id

TURNS = 25
"""PostgreSQL makes five plans for their parameters before it compares; a statement is prepared at its sixth turn."""


def a_page() -> None:
    with contextlib.suppress(ProductNotOnSale):
        search.product_page(product_id=new_id(), market=Market(), now=now())


READS: dict[str, Callable[[], object]] = {
    "product page": a_page,
    "prices": lambda: pricing.prices_for(
        sku_ids=[new_id()], channel="web", currency="EUR", now=now()
    ),
    "products of a cart": lambda: catalog.find_skus(ids=[new_id()]),
    "availability": lambda: inventory.availability(sku_ids=[new_id()]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", READS)
def test_a_plan_is_kept(name: str) -> None:
    for _ in range(TURNS):
        READS[name]()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, custom_plans FROM pg_prepared_statements"
            " WHERE custom_plans + generic_plans > 10"
        )
        plans = cursor.fetchall()

    assert plans
    assert [statement for statement, custom in plans if custom > 10] == []
