"""What was refunded in full does not leave the house by mistake."""

from typing import Any

import pytest
from django.db import transaction

from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.orders.errors import OrderRefunded
from apps.shipping import services
from apps.shipping.errors import StepRefused
from apps.shipping.tests.factories import BOSS, NOW, order_status, packed, requested
from apps.shipping.types import Fulfilment
from ecommerce.audit.models import Entry
from ecommerce.events.testing import drain
from ecommerce.identity import SYSTEM

pytestmark = pytest.mark.django_db


def refund(fulfilment: Fulfilment) -> None:
    order = orders.get_order(order_id=fulfilment.order_id, viewer=SYSTEM)
    orders.note_refunded(payment_id=order.payment_id, refunded_minor=order.total.amount, now=NOW)
    drain()


def test_a_refund_in_full_takes_the_order_from_the_queue_of_the_warehouse() -> None:
    fulfilment = requested()

    refund(fulfilment)

    off = services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS)
    assert (off.state, off.cancel_reason) == ("CANCELED", "refunded in full")
    with pytest.raises(StepRefused, match="refunded in full"):
        services.start_picking(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)


def test_a_packed_box_stays_here_and_no_label_is_bought(sandbox_server: Any) -> None:
    fulfilment = packed()
    refund(fulfilment)

    for send in (services.ship_fulfilment, ship_by_hand):
        with pytest.raises(OrderRefunded), transaction.atomic():
            send(fulfillment_id=fulfilment.id, viewer=BOSS, now=NOW)

    held = services.get_fulfilment(fulfillment_id=fulfilment.id, viewer=BOSS)
    assert (held.state, held.shipments) == ("PACKED", ())

    services.cancel_fulfilment(fulfillment_id=fulfilment.id, reason="", viewer=BOSS, now=NOW)
    sku_id = fulfilment.lines[0].sku_id
    assert order_status(fulfilment.order_id) == "CANCELED"
    assert inventory.availability(sku_ids=[sku_id])[sku_id].available == 10


def ship_by_hand(**turn: Any) -> Fulfilment:
    return services.ship_by_hand(**turn, carrier="counter", tracking_number="C-1")


def test_an_operator_sends_it_all_the_same_by_saying_so(api: Any, sandbox_server: Any) -> None:
    fulfilment = packed()
    refund(fulfilment)
    api.force_authenticate(user=BOSS)
    path = f"/api/v1/fulfillments/{fulfilment.id}/ship"

    refused = api.post(path, {})
    sent = api.post(path, {"alsoIfRefunded": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "orders/refunded")
    assert "alsoIfRefunded" in refused.json()["detail"]
    assert (sent.status_code, sent.json()["state"]) == (200, "SHIPPED")
    entry = Entry.objects.get(action="shipping.fulfillment.sent_although_refunded")
    assert entry.actor_id == BOSS.user_id
