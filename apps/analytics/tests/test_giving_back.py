"""What went back is counted once, however it went and in whatever order it was told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analytics import services
from apps.analytics.tests.test_sales import NOON, order, tell
from apps.analytics.types import OrderNews, Takings
from apps.orders.events import OrderCanceled, OrderPaid, OrderUpdated
from ecommerce import clock
from ecommerce.events.replaying import replay
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
Drain = Callable[..., Any]
DAY = date(2026, 3, 1)
NEXT = DAY + timedelta(days=1)


def paid(order_id: UUID, total: int = 1000, **more: Any) -> Any:
    return order(OrderPaid, order_id=order_id, total=total, version=3, **more)


def refunded(order_id: UUID, so_far: int, total: int = 1000, status: str = "PAID", **more: Any) -> Any:  # fmt: skip
    return order(
        OrderUpdated, order_id=order_id, total=total, version=4, refunded_minor=so_far, status=status,
        previous_status=status, fulfilment_started=False, occurred_at=NOON + timedelta(days=1), **more,
    )  # fmt: skip


def canceled(order_id: UUID, total: int = 1000, previous: str = "PAID", **more: Any) -> Any:
    return order(
        OrderCanceled, order_id=order_id, total=total, version=5, status="CANCELED",
        previous_status=previous, reason="", occurred_at=NOON + timedelta(days=1), **more,
    )  # fmt: skip


def days(merchant: str = "default") -> tuple[Takings, ...]:
    return services.daily_revenue(start=DAY, end=NEXT, merchant=merchant)


def back(day: Takings) -> tuple[int, int, int]:
    return day.canceled_orders, day.canceled_minor, day.refunded_minor


def test_a_refund_is_given_back_on_its_own_day(drain: Drain) -> None:
    sold = new_id()
    tell(paid(sold), refunded(sold, 300), refunded(sold, 300), refunded(sold, 450))
    drain()

    first, second = days()
    assert (first.gross_minor, first.net_minor) == (1000, 1000)
    assert (back(second), second.net_minor) == ((0, 0, 450), -450)


@pytest.mark.parametrize(
    ("news", "counted"),
    [
        ((canceled,), (1, 1000, 0)),
        ((canceled, lambda one: refunded(one, 1000, status="CANCELED")), (1, 1000, 0)),
        ((lambda one: refunded(one, 400), canceled), (1, 600, 400)),
        ((lambda one: refunded(one, 1000), canceled), (1, 0, 1000)),
        ((lambda one: refunded(one, 1000, status="COMPLETED"),), (0, 0, 1000)),
    ],
)
def test_what_a_cancellation_counts_its_refund_does_not_count_again(
    drain: Drain, news: tuple[Callable[[UUID], Any], ...], counted: tuple[int, int, int]
) -> None:
    sold = new_id()
    tell(paid(sold))
    for one in news:
        tell(one(sold))
        drain()

    _, second = days()
    assert back(second) == counted


def test_money_that_was_never_counted_is_not_given_back(drain: Drain) -> None:
    never = new_id()
    tell(refunded(never, 1000, status="CONFIRMED"), canceled(never, previous="CONFIRMED"))
    drain()

    assert days() == ()


def test_what_went_back_before_the_order_was_paid_is_counted_with_its_payment(drain: Drain) -> None:
    early = new_id()
    tell(refunded(early, 200, status="CONFIRMED"), paid(early))
    drain()

    (first,) = days()
    assert (first.gross_minor, first.refunded_minor, first.net_minor) == (1000, 200, 800)


STEPS = st.lists(
    st.one_of(
        st.just(("paid", 0)), st.just(("canceled", 0)), st.tuples(st.just("refunded"), st.integers(1, 900))
    ),
    max_size=6,
)  # fmt: skip


def life(order_id: UUID, merchant: str, steps: list[tuple[str, int]]) -> tuple[list[OrderNews], int]:  # fmt: skip
    """The news of an order that goes this way, as far as it can, and what it brings in the end."""
    status, refunds, news = "CONFIRMED", 0, []
    for kind, amount in steps:
        before = status
        if (kind, status) == ("paid", "CONFIRMED"):
            status = "PAID"
        elif kind == "canceled" and status != "CANCELED":
            status = "CANCELED"
        elif kind == "refunded" and refunds < 1000:
            refunds = min(1000, refunds + amount)
        else:
            continue
        told = refunds if kind == "refunded" else 0
        news.append(
            OrderNews(
                order_id=order_id, day=DAY, merchant=merchant, channel="web", currency="EUR",
                paid=kind == "paid", status=status, previous_status=before, units=1, total_minor=1000,
                tax_minor=0, refunded_minor=told,
            )
        )  # fmt: skip
    return news, 1000 - refunds if status == "PAID" else 0


@given(st.lists(STEPS, min_size=1, max_size=4), st.integers(1, 5))
def test_the_till_holds_what_the_orders_kept(lives: list[list[tuple[str, int]]], size: int) -> None:
    merchant = str(new_id())
    told, kept = [], 0
    for steps in lives:
        news, brought = life(new_id(), merchant, steps)
        told += news
        kept += brought
    for start in range(0, len(told), size):
        services.count_revenue(told[start : start + size])

    assert sum(day.net_minor for day in days(merchant)) == kept


@pytest.mark.django_db(transaction=True)
def test_a_replay_counts_the_same(drain: Drain) -> None:
    for news in ((canceled,), (lambda one: refunded(one, 400), canceled), (lambda one: refunded(one, 9),)):  # fmt: skip
        sold = new_id()
        tell(paid(sold), *(one(sold) for one in news))
    drain()
    before = days()

    rebuilt = replay(consumer="analytics.daily_revenue", now=clock.now())

    assert rebuilt.same
    assert days() == before
    assert sum(day.net_minor for day in before) == 991


def test_the_report_speaks_of_money_as_everything_else_does(api: JsonClient, drain: Drain) -> None:
    sold = new_id()
    tell(paid(sold), refunded(sold, 300))
    drain()
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({OPERATOR})))

    answer = api.get("/api/v1/reports/daily-revenue?start=2026-03-01&end=2026-03-02").json()

    first, second = answer["days"]
    assert first["gross"] == {"amount": 1000, "currency": "EUR"}
    assert second["refunded"] == {"amount": 300, "currency": "EUR"}
    assert second["net"] == {"amount": -300, "currency": "EUR"}
