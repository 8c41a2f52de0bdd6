"""An order's life through the room's services."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from apps.orders import services
from apps.orders.errors import AmountsDisagree, OrderNotFound, TransitionRefused
from apps.orders.models import Order, OrderLine, OrderStatusChange
from apps.orders.tests.factories import NOW, line_of, order_of, paid, placed
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.money import Money

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return [e.event_type.split(".")[3] for e in published() if e.producer == "ecommerce.orders"]


def test_a_placed_order_is_what_was_sold() -> None:
    command = order_of(line_of("MUG", quantity=2), line_of("TEA", unit=750, discount=50))

    order = services.place_order(command)

    assert order.number.startswith("SO-1")
    assert order.status == "PENDING"
    assert order.total == Money(2000 + 700 + 490, "EUR")
    assert [(line.sku_code, line.quantity) for line in order.lines] == [("MUG", 2), ("TEA", 1)]
    assert services.get_order(order_id=order.id, viewer=SYSTEM) == order


def test_placing_twice_gives_the_first_order_and_one_event() -> None:
    command = order_of()

    first = services.place_order(command)
    second = services.place_order(replace(command, email="other@example.com"))

    assert second == first
    assert Order.objects.count() == 1
    assert kinds() == ["created"]


def test_numbers_do_not_repeat() -> None:
    assert len({placed().number for _ in range(5)}) == 5


def test_placing_costs_two_statements(django_assert_num_queries: Any) -> None:
    command = order_of(line_of(), line_of(), line_of())

    with django_assert_num_queries(2):
        services.place_order(command)


def test_each_step_costs_two_statements(django_assert_num_queries: Any) -> None:
    order = placed()

    with django_assert_num_queries(2):
        services.confirm_order(order_id=order.id, now=NOW)
    with django_assert_num_queries(2):
        services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_minor": 1},
        {"subtotal_minor": 999},
        {"tax_minor": 0, "shipping_tax_minor": 0},
        {"discount_minor": 1},
        {"lines": (replace(line_of(), total_minor=999),)},
    ],
)
def test_amounts_that_do_not_add_up_are_no_order(wrong: dict[str, Any]) -> None:
    with pytest.raises(AmountsDisagree):
        services.place_order(replace(order_of(), **wrong))

    assert Order.objects.count() == 0


def test_the_database_checks_the_sums_by_itself() -> None:
    order = placed(line_of(), line_of())

    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        _change_and_check(order.id)


def _change_and_check(order_id: UUID) -> None:
    Order.objects.filter(id=order_id).update(subtotal_minor=2500, total_minor=2990)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS orders_lines_add_up IMMEDIATE")


def test_the_whole_way_writes_its_own_history() -> None:
    order = paid()
    services.begin_fulfilment(order_id=order.id, now=NOW)
    services.mark_fulfilled(order_id=order.id, now=NOW)
    services.complete_order(order_id=order.id, now=NOW)

    seen = services.get_history(order_id=order.id, viewer=SYSTEM)

    assert [(s.previous_status, s.status, s.version) for s in seen.history] == [
        (None, "PENDING", 1),
        ("PENDING", "CONFIRMED", 2),
        ("CONFIRMED", "PAID", 3),
        ("PAID", "PAID", 4),
        ("PAID", "FULFILLED", 5),
        ("FULFILLED", "COMPLETED", 6),
    ]
    assert [e.event_type.split(".")[-2] for e in published() if e.producer == "ecommerce.orders"] == [
        "created", "confirmed", "paid", "updated", "fulfilled", "completed",
    ]  # fmt: skip


def test_repeating_a_step_changes_nothing_and_tells_nothing() -> None:
    order = paid()
    before = len(published())

    assert services.confirm_order(order_id=order.id, now=NOW).status == "PAID"
    assert services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW).version == 3
    assert len(published()) == before


def test_a_step_out_of_turn_is_refused() -> None:
    order = placed()

    with pytest.raises(TransitionRefused) as refusal:
        services.mark_paid(order_id=order.id, payment_id=order.payment_id, now=NOW)

    assert refusal.value.facts == {"order_status": "PENDING"}


def test_another_payment_does_not_pay_the_order() -> None:
    order = placed()
    services.confirm_order(order_id=order.id, now=NOW)

    with pytest.raises(TransitionRefused), transaction.atomic():
        services.mark_paid(order_id=order.id, payment_id=new_id(), now=NOW)

    assert services.get_order(order_id=order.id, viewer=SYSTEM).status == "CONFIRMED"


def test_a_step_of_no_order_is_not_found() -> None:
    with pytest.raises(OrderNotFound):
        services.confirm_order(order_id=new_id(), now=NOW)


@pytest.mark.parametrize("table", [OrderStatusChange, OrderLine])
def test_history_and_lines_cannot_be_rewritten(table: Any) -> None:
    placed()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        table.objects.all().update(order_id=new_id())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        table.objects.all()._raw_delete("default")


def test_events_carry_amounts_and_ids_and_no_person() -> None:
    order = placed(line_of("MUG", quantity=2))
    (event,) = published("ecommerce.orders.order.created.v1")

    assert event.partition_key == str(order.id)
    assert event.payload["totalMinor"] == 2490
    assert event.payload["lines"][0]["skuCode"] == "MUG"
    assert event.payload["lines"][0]["seller"] == "house"
    for word in ("Ada", "Dorset", "example.com", "W1U"):
        assert word not in str(event.payload)
