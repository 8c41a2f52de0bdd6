"""Orders follow the warehouse by its events, known by their type names alone."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from apps.orders import services, subscribers
from apps.orders.tests.factories import NOW, paid
from ecommerce.events import Envelope
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def told(event_type: str, order_id: UUID) -> Envelope:
    payload: dict[str, Any] = {"orderId": str(order_id), "shipmentId": str(new_id()), "more": 1}
    return Envelope(
        event_id=new_id(),
        event_type=event_type,
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        producer="ecommerce.shipping",
        trace_id=None,
        correlation_id="c",
        causation_id=None,
        schema_version=1,
        partition_key=str(order_id),
        payload=payload,
        position=1,
        partition=0,
        recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def status(order_id: UUID) -> str:
    return services.get_order(order_id=order_id, viewer=SYSTEM).status


def test_shipped_and_delivered_move_the_order_once() -> None:
    order = paid()
    services.begin_fulfilment(order_id=order.id, now=NOW)

    subscribers.follow_shipping([told(subscribers.SHIPPED, order.id)])
    assert status(order.id) == "FULFILLED"

    subscribers.follow_shipping(
        [told(subscribers.SHIPPED, order.id), told(subscribers.DELIVERED, order.id)]
    )
    assert status(order.id) == "COMPLETED"
