"""What analytics makes of the orders' events."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from apps.analytics import services
from apps.analytics.types import OrderState, Takings
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

TAKEN = ("PAID", "FULFILLED", "COMPLETED")
"""States of an order whose money we have."""


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


@consumer("analytics.daily_revenue", OrderPaid, OrderCanceled, tables=("analytics_dailyrevenue",))
def count_revenue(events: Sequence[Envelope]) -> None:
    facts = [(event.event_type, event.read(OrderFacts)) for event in events]
    takings = [
        _given_back(order) if kind.endswith(".canceled.v1") else _taken(order)
        for kind, order in facts
        if kind.endswith(".paid.v1") or order.previous_status in TAKEN
    ]
    if takings:
        services.count_takings(takings)


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


def _taken(order: OrderFacts) -> Takings:
    return Takings(
        **_where(order),
        orders=1,
        units=_units(order),
        gross_minor=order.total_minor,
        tax_minor=order.tax_minor,
    )


def _given_back(order: OrderFacts) -> Takings:
    return Takings(**_where(order), canceled_orders=1, canceled_minor=order.total_minor)


def _where(order: OrderFacts) -> dict[str, Any]:
    return {
        "day": order.occurred_at.astimezone(UTC).date(),
        "merchant": order.merchant,
        "channel": order.channel,
        "currency": order.currency,
    }


def _units(order: OrderFacts) -> int:
    return sum(line.quantity for line in order.lines)
