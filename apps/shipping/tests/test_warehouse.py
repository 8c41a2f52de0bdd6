"""From a paid order to a delivered parcel, with a real carrier process on the other end of the wire."""

import time
from datetime import timedelta
from typing import Any

import pytest

from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.orders.errors import FulfilmentRefused, NotCancelable
from apps.shipping import services
from apps.shipping.errors import (
    AlreadyRequested,
    BookingRefused,
    CarrierUnavailable,
    FulfilmentNotFound,
    LabelBought,
    OrderNotReady,
    StepRefused,
)
from apps.shipping.gateways.sandbox import PATIENCE
from apps.shipping.models import Fulfilment, Shipment
from apps.shipping.tests.factories import (
    BOSS,
    NOW,
    customer,
    order_status,
    packed,
    paid_order,
    requested,
)
from apps.shipping.types import CarrierEvent, CreateShipment, Parcel
from ecommerce.errors import Forbidden
from ecommerce.events.testing import drain, published
from ecommerce.identity import SYSTEM

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


def test_a_paid_order_is_asked_of_the_warehouse_once() -> None:
    order = paid_order()
    drain()
    drain()

    found = services.fulfilment_of_order(order_id=order.id, viewer=SYSTEM)

    assert (found.state, found.order_number) == ("REQUESTED", order.number)
    assert [(line.sku_code, line.quantity) for line in found.lines] == [("MUG", 2)]
    assert Fulfilment.objects.count() == 1
    assert names() == ["fulfillment.requested"]


def test_the_whole_way(sandbox_server: Any) -> None:
    fulfilment = packed()
    sku_id = fulfilment.lines[0].sku_id

    sent = services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    drain()

    (parcel,) = sent.shipments
    assert (sent.state, parcel.status) == ("SHIPPED", "BOOKED")
    assert parcel.tracking_number is not None
    assert parcel.tracking_number.startswith("SB")
    label = services.get_label(shipment_id=parcel.id, viewer=BOSS)
    assert label.content.startswith(b"%PDF")
    assert inventory.availability(sku_ids=[sku_id])[sku_id].on_hand == 8
    assert order_status(fulfilment.order_id) == "FULFILLED"

    for status, minute in (("accepted", 1), ("in_transit", 2), ("delivered", 9)):
        services.record_event(
            carrier="sandbox", event=event(parcel.tracking_number, status, minute), now=NOW
        )
    drain()

    assert order_status(fulfilment.order_id) == "COMPLETED"
    assert services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS).state == "DELIVERED"
    assert names() == [
        "fulfillment.requested",
        "fulfillment.allocated",
        "fulfillment.shipment_created",
        "shipment.created",
        "shipment.booked",
        "label.generated",
        "fulfillment.shipped",
        "tracking.event_received",
        "shipment.in_transit",
        "tracking.event_received",
        "tracking.event_received",
        "shipment.delivered",
    ]


def test_shipping_twice_buys_one_label_and_moves_the_stock_once(sandbox_server: Any) -> None:
    fulfilment = packed()
    sku_id = fulfilment.lines[0].sku_id

    first = services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    again = services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    assert again == first
    stock = inventory.availability(sku_ids=[sku_id])[sku_id]
    assert (stock.on_hand, stock.allocated) == (8, 0)
    assert names().count("label.generated") == 1


def test_a_lost_answer_buys_no_second_label(sandbox_server: Any) -> None:
    fulfilment = packed()
    sandbox_server.order("lost_answer", path="shipments")

    with pytest.raises(CarrierUnavailable):
        services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    booking = Shipment.objects.get()
    assert (booking.status, booking.booking_attempts) == ("BOOKING", 1)
    assert services.resume_bookings(now=NOW) == 0
    assert services.resume_bookings(now=NOW + timedelta(seconds=5)) == 1

    booked = Shipment.objects.get()
    sent = services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    assert sent.shipments[0].tracking_number == booked.tracking_number
    assert booked.tracking_number is not None
    assert booked.tracking_number[2:10] == "10000001"
    assert names().count("label.generated") == 1


def test_a_label_that_comes_byte_by_byte_is_asked_for_again(sandbox_server: Any) -> None:
    fulfilment = packed()
    sandbox_server.order("trickle", path="shipments")

    started = time.monotonic()
    with pytest.raises(CarrierUnavailable):
        services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    assert time.monotonic() - started < PATIENCE.whole_seconds + 1
    assert Shipment.objects.get().status == "BOOKING"
    assert services.resume_bookings(now=NOW + timedelta(seconds=5)) == 1
    assert names().count("label.generated") == 1


def test_an_unavailable_carrier_is_asked_again_later(sandbox_server: Any) -> None:
    fulfilment = packed()
    sandbox_server.order("unavailable", path="shipments")

    with pytest.raises(CarrierUnavailable):
        services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    assert services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS).state == "PACKED"

    sent = services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)
    assert sent.state == "SHIPPED"


def test_a_refused_parcel_is_not_booked_and_moves_nothing(sandbox_server: Any) -> None:
    fulfilment = packed()
    services.create_shipment(
        CreateShipment(fulfillment_id=fulfilment.id, parcels=(Parcel(weight_grams=99_000),)),
        viewer=BOSS,
        now=NOW,
    )

    with pytest.raises(BookingRefused, match="31500"):
        services.ship_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    assert Shipment.objects.get().status == "CREATED"
    assert services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS).state == "PACKED"


def test_steps_out_of_turn_are_refused() -> None:
    fulfilment = requested()
    turn: dict[str, Any] = {"fulfillment_id": fulfilment.id, "viewer": BOSS, "now": NOW}

    with pytest.raises(StepRefused):
        services.finish_packing(**turn)
    with pytest.raises(StepRefused):
        services.ship_fulfilment(**turn)
    with pytest.raises(StepRefused):
        services.create_shipment(CreateShipment(fulfillment_id=fulfilment.id), viewer=BOSS, now=NOW)
    assert services.start_picking(**turn) == services.start_picking(**turn)
    assert services.finish_packing(**turn) == services.finish_packing(**turn)


def test_only_operators_do_the_work() -> None:
    fulfilment = requested()
    for step in (services.start_picking, services.finish_packing, services.ship_fulfilment):
        with pytest.raises(Forbidden):
            step(fulfillment_id=fulfilment.id, viewer=customer(), now=NOW)


def test_whoever_is_first_wins_cancelling_or_picking() -> None:
    ada = customer()
    picked, canceled = requested(ada), None
    services.start_picking(fulfillment_id=picked.id, viewer=BOSS, now=NOW)
    with pytest.raises(NotCancelable):
        orders.cancel_order(order_id=picked.order_id, reason="", viewer=ada, now=NOW)

    order = paid_order(ada, code="TEA")
    drain()
    canceled = services.fulfilment_of_order(order_id=order.id, viewer=SYSTEM)
    orders.cancel_order(order_id=order.id, reason="", viewer=ada, now=NOW)
    with pytest.raises(FulfilmentRefused):
        services.start_picking(fulfillment_id=canceled.id, viewer=BOSS, now=NOW)


def test_a_canceled_order_calls_its_fulfilment_off() -> None:
    ada = customer()
    fulfilment = requested(ada)

    orders.cancel_order(order_id=fulfilment.order_id, reason="too slow", viewer=ada, now=NOW)
    drain()

    off = services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS)
    assert (off.state, off.cancel_reason) == ("CANCELED", "too slow")


def test_what_the_warehouse_calls_off_can_be_asked_for_again() -> None:
    fulfilment = requested()
    turn: dict[str, Any] = {"fulfillment_id": fulfilment.id, "viewer": BOSS, "now": NOW}
    services.start_picking(**turn)

    off = services.cancel_fulfilment(**turn, reason="broken")
    assert services.cancel_fulfilment(**turn, reason="again") == off
    drain()
    again = services.create_fulfilment(order_id=fulfilment.order_id, viewer=BOSS, now=NOW)

    assert again.id != fulfilment.id
    assert services.fulfilment_of_order(order_id=fulfilment.order_id, viewer=SYSTEM) == again
    with pytest.raises(AlreadyRequested):
        services.create_fulfilment(order_id=fulfilment.order_id, viewer=BOSS, now=NOW)


def test_an_order_that_is_worked_on_is_not_asked_for() -> None:
    fulfilment = requested()
    services.start_picking(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    with pytest.raises(OrderNotReady):
        services.create_fulfilment(order_id=fulfilment.order_id, viewer=BOSS, now=NOW)


def test_a_parcel_with_a_label_is_not_called_off(sandbox_server: Any) -> None:
    fulfilment = packed()
    parcel = services.create_shipment(
        CreateShipment(fulfillment_id=fulfilment.id), viewer=BOSS, now=NOW
    )
    assert parcel.parcels == (Parcel(weight_grams=650),)
    services.buy_label(shipment_id=parcel.id, viewer=BOSS, now=NOW)

    with pytest.raises(LabelBought):
        services.cancel_fulfilment(fulfillment_id=fulfilment.id, reason="", viewer=BOSS, now=NOW)


def test_strangers_do_not_see_the_warehouse() -> None:
    ada = customer()
    fulfilment = requested(ada)

    seen = services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=ada)
    assert seen.id == fulfilment.id
    with pytest.raises(FulfilmentNotFound):
        services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=customer())
    with pytest.raises(FulfilmentNotFound):
        services.fulfilment_of_order(order_id=paid_order(code="X").id, viewer=SYSTEM)
