"""What carriers tell of parcels: once, late, twice and in any order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.shipping import services
from apps.shipping.models import TrackingEvent
from apps.shipping.tests.factories import (
    BOSS,
    NOW,
    order_status,
    packed,
    shipped,
)
from apps.shipping.types import CarrierEvent, CreateShipment
from ecommerce.events.testing import drain, published

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    told = [e.event_type.split(".") for e in published() if e.producer == "ecommerce.shipping"]
    return [f"{aggregate}.{name}" for _, _, aggregate, name, _ in told]


def event(number: str, status: str, minutes: int, *, event_id: str = "") -> CarrierEvent:
    return CarrierEvent(
        event_id=event_id or f"{status}-{minutes}",
        tracking_number=number,
        status=status,
        occurred_at=NOW + timedelta(minutes=minutes),
    )


def test_a_repeated_message_counts_once(sandbox_server: Any) -> None:
    number = shipped().shipments[0].tracking_number or ""
    told = event(number, "in_transit", 5, event_id="e1")

    assert services.record_event(carrier="sandbox", event=told, now=NOW) is True
    assert services.record_event(carrier="sandbox", event=told, now=NOW) is False

    assert TrackingEvent.objects.count() == 1
    assert names().count("shipment.in_transit") == 1


def test_messages_in_the_wrong_order_end_where_the_parcel_is(sandbox_server: Any) -> None:
    sent = shipped()
    number = sent.shipments[0].tracking_number or ""

    for status, minute in (("delivered", 30), ("in_transit", 10), ("exception", 20)):
        services.record_event(carrier="sandbox", event=event(number, status, minute), now=NOW)
    drain()

    tracking = services.track(tracking_number=number)
    assert tracking.status == "DELIVERED"
    assert tracking.delivered_at == NOW + timedelta(minutes=30)
    assert [e.status for e in tracking.events] == ["in_transit", "exception", "delivered"]
    assert order_status(sent.order_id) == "COMPLETED"
    assert names().count("shipment.delivered") == 1


def test_messages_that_come_before_the_parcel_is_handed_over_wait(sandbox_server: Any) -> None:
    fulfilment = packed()
    parcel = services.create_shipment(
        CreateShipment(fulfillment_id=fulfilment.id), viewer=BOSS, now=NOW
    )
    booked = services.buy_label(shipment_id=parcel.id, viewer=BOSS, now=NOW)
    services.record_event(
        carrier="sandbox", event=event(booked.tracking_number or "", "delivered", 5), now=NOW
    )
    assert services.track(tracking_number=booked.tracking_number or "").status == "BOOKED"

    services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    drain()

    assert services.track(tracking_number=booked.tracking_number or "").status == "DELIVERED"
    assert order_status(fulfilment.order_id) == "COMPLETED"


def test_the_timeline_cannot_be_rewritten(sandbox_server: Any) -> None:
    number = shipped().shipments[0].tracking_number or ""
    services.record_event(carrier="sandbox", event=event(number, "in_transit", 1), now=NOW)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TrackingEvent.objects.update(status="delivered")
