"""Orders that were made elsewhere come in with their sums, their history and their news."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.orders import services
from apps.orders.errors import AmountsDisagree
from apps.orders.tests.factories import NOW, line_of, order_of
from apps.orders.types import LoadedOrder, LoadedStep
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db
LIFE = ("CONFIRMED", "PAID", "FULFILLED", "COMPLETED")


def loaded(number: str, *statuses: str) -> LoadedOrder:
    steps = tuple(
        LoadedStep(status=status, reason="as it was", at=NOW + timedelta(hours=hour))
        for hour, status in enumerate(statuses, start=1)
    )
    placed = order_of(line_of("MUG", quantity=3, discount=100), line_of("TEA", unit=450))
    return LoadedOrder(number=number, placed=placed, steps=steps)


def test_a_loaded_order_is_whole_and_adds_up() -> None:
    order = loaded("OLD-1", *LIFE)

    assert services.load_orders(iter([order])) == 1

    found = services.get_order(order_id=order.placed.order_id, viewer=SYSTEM)
    assert (found.number, found.status, found.version) == ("OLD-1", "COMPLETED", 5)
    assert [line.sku_code for line in found.lines] == ["MUG", "TEA"]
    assert found.total.amount == sum(line.total.amount for line in found.lines) + 490
    assert found.shipping_address == order.placed.shipping_address
    assert found.placed_at == NOW
    assert found.updated_at == NOW + timedelta(hours=4)


def test_its_history_and_its_news_tell_every_step() -> None:
    order = loaded("OLD-1", *LIFE)
    services.load_orders([order])

    history = services.get_history(order_id=order.placed.order_id, viewer=SYSTEM).history
    told = published()

    assert [(one.previous_status, one.status) for one in history] == [
        (None, "PENDING"),
        ("PENDING", "CONFIRMED"),
        ("CONFIRMED", "PAID"),
        ("PAID", "FULFILLED"),
        ("FULFILLED", "COMPLETED"),
    ]
    assert [one.occurred_at for one in history][2] == NOW + timedelta(hours=2)
    assert [event.event_type.split(".")[3] for event in told] == [
        "created",
        *(status.lower() for status in LIFE),
    ]
    assert [event.payload["version"] for event in told] == [1, 2, 3, 4, 5]


def test_loading_it_again_changes_nothing() -> None:
    orders = [loaded("OLD-1", *LIFE), loaded("OLD-2", "CANCELED")]
    assert services.load_orders(orders) == 2
    before = len(published())

    assert services.load_orders(orders) == 0
    assert len(published()) == before


def test_an_order_of_a_number_that_is_taken_stays_outside_whole() -> None:
    services.load_orders([loaded("OLD-1", "CONFIRMED")])
    second = loaded("OLD-1", *LIFE)

    assert services.load_orders([second]) == 0
    assert services.statuses_of(order_ids=[second.placed.order_id]) == {}


def test_amounts_that_disagree_are_refused() -> None:
    order = loaded("OLD-1")
    wrong = replace(order, placed=replace(order.placed, total_minor=1))

    with pytest.raises(AmountsDisagree):
        services.load_orders([wrong])


def test_the_database_refuses_a_way_that_no_order_goes() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        services.load_orders([loaded("OLD-1", "FULFILLED")])


def test_the_database_finds_that_the_sums_come_out() -> None:
    services.load_orders([loaded("OLD-1", *LIFE)])

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
