"""What analytics makes of the orders' events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from apps.analytics import services
from apps.analytics.types import OrderNews, OrderState
from apps.orders.events import (
    OrderCanceled,
    OrderCompleted,
    OrderConfirmed,
    OrderCreated,
    OrderFacts,
    OrderFulfilled,
    OrderPaid,
    OrderUpdated,
)
from ecommerce.events import Envelope, consumer

PAID = "ecommerce.orders.order.paid.v1"


@consumer(
    "analytics.orders_by_customer",
    OrderCreated,
    OrderUpdated,
    OrderConfirmed,
    OrderPaid,
    OrderCanceled,
    OrderFulfilled,
    OrderCompleted,
    tables=("analytics_customerorder",),
)
def keep_orders(events: Sequence[Envelope]) -> None:
    services.keep_orders([_state(event.read(OrderFacts)) for event in events])


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts(OrderFacts):
    """Those of any order's event, with what only an update tells."""

    refunded_minor: int = 0


@consumer(
    "analytics.daily_revenue",
    OrderPaid,
    OrderUpdated,
    OrderCanceled,
    tables=("analytics_dailyrevenue", "analytics_givenback"),
)
def count_revenue(events: Sequence[Envelope]) -> None:
    """Refunds are heard of from the order: so they come in their turn among its other news, and count once."""
    services.count_revenue(
        [_news(event.read(Facts), paid=event.event_type == PAID) for event in events]
    )


def _state(order: OrderFacts) -> OrderState:
    return OrderState(
        order_id=order.order_id,
        customer_id=order.customer_id,
        number=order.number,
        status=order.status,
        channel=order.channel,
        currency=order.currency,
        total_minor=order.total_minor,
        units=_units(order),
        placed_at=order.placed_at,
        version=order.version,
    )


def _news(order: Facts, *, paid: bool) -> OrderNews:
    return OrderNews(
        order_id=order.order_id,
        day=order.occurred_at.astimezone(UTC).date(),
        merchant=order.merchant,
        channel=order.channel,
        currency=order.currency,
        paid=paid,
        status=order.status,
        previous_status=order.previous_status,
        units=_units(order),
        total_minor=order.total_minor,
        tax_minor=order.tax_minor,
        refunded_minor=order.refunded_minor,
    )


def _units(order: OrderFacts) -> int:
    return sum(line.quantity for line in order.lines)
