"""Several hands at one delivery, on real connections: every unit is booked once, every cent landed once."""

from collections.abc import Callable
from uuid import UUID

import pytest

from apps.inventory import services
from apps.inventory.errors import DiscrepancySettled, InboundRefused
from apps.inventory.models import Discrepancy
from apps.inventory.tests.factories import counts, location
from apps.inventory.tests.test_purchasing import (
    BUYER,
    announced,
    layers,
    receive,
    sent,
    settle,
    worth,
)
from apps.inventory.types import ExtraCost, Inbound, SaveSupplier
from ecommerce.clock import now
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _acme() -> None:
    location()
    services.save_supplier(SaveSupplier(code="acme", name="Acme", currency="EUR"))


def unloading(inbound: Inbound, units: dict, key: str = "") -> Callable[[], str]:  # type: ignore[type-arg]
    def unload() -> str:
        try:
            receive(inbound, units, key=key)
        except InboundRefused:
            return "all is here"
        return "booked"

    return unload


def test_one_unloading_told_by_eight_is_booked_once() -> None:
    mug = new_id()
    inbound = announced(sent({mug: (50, 100)}))

    outcomes = at_once([unloading(inbound, {mug: (3, 1)}, "the same")] * 8)

    assert outcomes == ["booked"] * 8
    assert counts(mug) == (3, 0, 0)
    assert Discrepancy.objects.get().units == 1


def test_parts_of_two_deliveries_of_one_order_land_every_cent() -> None:
    mug, tea = new_id(), new_id()
    order = sent(
        {mug: (16, 333), tea: (16, 77)}, costs=(ExtraCost(kind="freight", amount_minor=1003),)
    )
    inbounds = [announced(order, {mug: 8, tea: 8}), announced(order)]

    outcomes = at_once(
        [unloading(inbounds[turn % 2], {mug: (2, 0), tea: (1, 1)}) for turn in range(8)]
    )

    assert outcomes == ["booked"] * 8
    assert counts(mug) == (16, 0, 0)
    assert counts(tea) == (8, 0, 0)
    broken = sum(Discrepancy.objects.values_list("cost_minor", flat=True))
    assert sum(cost for _, cost in layers()) == 16 * 333 + 16 * 77 + 1003
    assert worth(tea).claimed_minor == broken > 0
    assert services.get_purchase_order(order_id=order.id).state == "CLOSED"
    assert services.audit_stock().clean


def test_a_difference_ends_one_way() -> None:
    mug = new_id()
    (over,) = receive(announced(sent({mug: (5, 100)})), {mug: (8, 0)}).discrepancies

    def ending(how: str) -> Callable[[], str]:
        def end() -> str:
            try:
                more = {"credit_minor": 100} if how == "credit" else {}
                return str(settle(over.id, how, **more).state)
            except DiscrepancySettled:
                return "settled otherwise"

        return end

    at_once([ending("credit"), ending("accept")] * 4)

    credited = Discrepancy.objects.get().state == "CREDITED"
    assert worth(mug).cost_minor == (700 if credited else 800)


def test_an_order_is_closed_or_received_and_freight_is_landed_once() -> None:
    mug = new_id()
    order = sent({mug: (10, 100)}, costs=(ExtraCost(kind="freight", amount_minor=1000),))
    first, second = announced(order, {mug: 5}), announced(order)
    receive(first, {mug: (5, 0)}, final=True)

    def close() -> str:
        services.close_purchase_order(order_id=order.id, reason="", viewer=BUYER, now=now())
        return "closed"

    at_once([close, unloading(second, {mug: (5, 0)}), close])

    on_hand = counts(mug)[0]
    assert on_hand in {5, 10}
    assert worth(mug).cost_minor == on_hand * 100 + 1000


def test_orders_end_at_once_in_whatever_order_their_deliveries_name_skus() -> None:
    skus = sorted(new_id() for _ in range(6))
    orders = []
    for turn in range(8):
        order = sent(dict.fromkeys(skus, (1, 100)))
        for sku in skus if turn % 2 else reversed(skus):
            announced(order, {sku: 1})
        orders.append(order.id)

    def ending(order_id: UUID) -> Callable[[], str]:
        def end() -> str:
            ended = services.close_purchase_order(
                order_id=order_id, reason="", viewer=BUYER, now=now()
            )
            return ended.state

        return end

    assert at_once([ending(order_id) for order_id in orders]) == ["CLOSED"] * 8
    assert not any(row.incoming for row in services.availability(sku_ids=skus).values())
