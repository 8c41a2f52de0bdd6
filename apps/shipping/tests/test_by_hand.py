"""Parcels that leave without a label of ours."""

from datetime import timedelta
from typing import Any

import pytest

from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.shipping import services
from apps.shipping.errors import FulfilmentNotFound, LabelBought
from apps.shipping.tests.factories import BOSS, NOW, order_status, packed, paid_order
from apps.shipping.types import CarrierEvent
from ecommerce.events.testing import drain
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_parcel_sent_by_hand_leaves_the_stock_and_arrives() -> None:
    fulfilment = packed(quantity=2)

    for _ in range(2):
        services.ship_by_hand(
            fulfillment_id=fulfilment.id,
            carrier="counter",
            tracking_number="C-1",
            viewer=BOSS,
            now=NOW,
        )
    arrived = CarrierEvent(
        event_id="1", tracking_number="C-1", status="delivered", occurred_at=NOW + timedelta(days=1)
    )
    services.record_event(carrier="counter", event=arrived, now=arrived.occurred_at)
    drain()

    stock = inventory.availability(sku_ids=[fulfilment.lines[0].sku_id])
    assert stock[fulfilment.lines[0].sku_id].on_hand == 8
    assert order_status(fulfilment.order_id) == "COMPLETED"
    assert services.track(tracking_number="C-1").status == "DELIVERED"


def test_a_parcel_has_one_number() -> None:
    fulfilment = packed()
    first: dict[str, Any] = {
        "fulfillment_id": fulfilment.id,
        "carrier": "counter",
        "viewer": SYSTEM,
        "now": NOW,
    }
    services.ship_by_hand(**first, tracking_number="C-1")

    with pytest.raises(LabelBought):
        services.ship_by_hand(**first, tracking_number="C-2")


def test_an_order_that_was_sent_before_its_news_came_is_not_sent_again() -> None:
    order = paid_order()
    orders.mark_fulfilled(order_id=order.id, now=NOW)
    drain()

    with pytest.raises(FulfilmentNotFound):
        services.fulfilment_of_order(order_id=order.id, viewer=SYSTEM)
