"""Sales are counted once each, from the orders' events."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.analytics import services
from apps.analytics.types import OrderState, Takings
from apps.orders.events import OrderCanceled, OrderCreated, OrderFacts, OrderPaid, SoldLine
from ecommerce.events import publish
from ecommerce.identity import CUSTOMER, OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
Drain = Callable[..., Any]
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def order(kind: type[OrderFacts], *, order_id: UUID, total: int, version: int, **more: Any) -> Any:
    line = SoldLine(
        line_id=new_id(), sku_id=new_id(), sku_code="MUG", product_id=new_id(), seller="house",
        quantity=2, unit_price_minor=total // 2, subtotal_minor=total, discount_minor=0,
        tax_minor=0, total_minor=total,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "order_id": order_id, "number": "W-1", "status": "PAID", "previous_status": "CONFIRMED",
        "version": version, "checkout_id": new_id(), "payment_id": new_id(),
        "customer_id": None, "merchant": "default", "channel": "web", "locale": "en",
        "currency": "EUR", "prices_include_tax": True, "subtotal_minor": total,
        "discount_minor": 0, "shipping_minor": 0, "shipping_tax_minor": 0, "tax_minor": 0,
        "total_minor": total, "shipping_method": "standard", "coupon_codes": (), "lines": (line,),
        "placed_at": NOON, "occurred_at": NOON,
    }  # fmt: skip
    return kind(**(fields | more))


@transaction.atomic
def tell(*facts: Any) -> None:
    for fact in facts:
        publish(fact)


def revenue() -> tuple[Takings, ...]:
    return services.daily_revenue(start=DAY, end=DAY)


def test_a_day_takes_what_was_paid_and_gives_back_what_was_canceled(drain: Drain) -> None:
    kept, canceled, never_paid = new_id(), new_id(), new_id()
    tell(
        order(OrderPaid, order_id=kept, total=1000, version=3),
        order(OrderPaid, order_id=canceled, total=400, version=3),
        order(
            OrderCanceled,
            order_id=canceled,
            total=400,
            version=4,
            status="CANCELED",
            previous_status="PAID",
            reason="customer",
        ),
        order(
            OrderCanceled,
            order_id=never_paid,
            total=900,
            version=2,
            status="CANCELED",
            previous_status="PENDING",
            reason="declined",
        ),
    )
    drain()

    (day,) = revenue()
    assert (day.orders, day.units, day.gross_minor) == (2, 4, 1400)
    assert (day.canceled_orders, day.canceled_minor, day.net_minor) == (1, 400, 1000)


def test_the_tax_on_shipping_is_counted_once(drain: Drain) -> None:
    """An order's tax has the tax on its shipping in it."""
    order_id = new_id()
    tell(
        order(
            OrderPaid,
            order_id=order_id,
            total=1490,
            version=3,
            tax_minor=238,
            shipping_tax_minor=78,
        )
    )
    drain()

    (day,) = revenue()
    assert day.tax_minor == 238


def test_draining_again_counts_nothing_twice(drain: Drain) -> None:
    tell(order(OrderPaid, order_id=new_id(), total=1000, version=3))
    drain()
    drain()

    assert [day.gross_minor for day in revenue()] == [1000]


def test_a_customers_orders_show_their_latest_state(drain: Drain) -> None:
    customer, order_id = new_id(), new_id()
    tell(
        order(
            OrderCreated,
            order_id=order_id,
            total=10,
            version=1,
            status="PENDING",
            previous_status=None,
            customer_id=customer,
        ),
        order(OrderPaid, order_id=order_id, total=10, version=3, customer_id=customer),
    )
    drain()

    (found,) = services.orders_by_customer(customer_id=customer)
    assert (found.order_id, found.status, found.version) == (order_id, "PAID", 3)


def state(order_id: UUID, version: int) -> OrderState:
    return OrderState(
        order_id=order_id, customer_id=order_id, number="W-1", status=f"V{version}",
        channel="web", currency="EUR", total_minor=1, units=1, placed_at=NOON, version=version,
    )  # fmt: skip


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_the_latest_version_wins_in_whatever_order_they_come(versions: list[int]) -> None:
    order_id = new_id()
    for version in versions:
        services.keep_orders([state(order_id, version)])

    (found,) = services.orders_by_customer(customer_id=order_id)
    assert found.status == f"V{max(versions)}"


def test_reports_are_for_the_back_office(api: JsonClient, django_assert_num_queries: Any) -> None:
    url = "/api/v1/reports/daily-revenue?start=2026-03-01&end=2026-03-01"
    assert api.get(url).status_code == 401
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({CUSTOMER})))
    assert api.get(url).status_code == 403

    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({OPERATOR})))
    with django_assert_num_queries(1):
        answer = api.get(url)
    assert (answer.status_code, answer.json()) == (200, {"days": []})


def test_a_report_of_too_many_days_is_refused(api: JsonClient) -> None:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({OPERATOR})))

    answer = api.get("/api/v1/reports/daily-revenue?start=2020-01-01&end=2026-01-01")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?end")
