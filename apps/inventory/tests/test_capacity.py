"""A location's orders a day: never one more than it takes by routing, whoever routes at the same moment."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from apps.inventory import services
from apps.inventory.models import Location, ReservationLine, RoutingPolicy, RoutingRule
from apps.inventory.queries import allocation
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import AllocateOrder, RequestPick
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small() -> Location:
    """A small place that is to send whatever it can, three orders a day; what is reserved comes from a large one."""
    found = location("small", priority=9)
    Location.objects.filter(id=found.id).update(daily_capacity=3)
    rules = RoutingPolicy.objects.create(objective="splits")
    RoutingRule.objects.create(policy=rules, location=found, effect="priority", priority=0)
    return found


def ordered() -> UUID:
    """An order of a SKU of its own, so that no level of it is locked by others."""
    sku = stocked(5, at="large", priority=1)
    stocked(5, at="small", sku_id=sku)
    command = order_of({sku: 1})
    services.allocate_stock(command, now=NOON)
    return command.order_id


def route(order_id: UUID, now: datetime = NOON) -> None:
    services.allocate_order(AllocateOrder(order_id=order_id), now=now)


def sent_by(code: str, orders: list[UUID] | None = None) -> int:
    lines = ReservationLine.objects.filter(location__code=code)
    if orders is not None:
        lines = lines.filter(reservation__order_id__in=orders)
    return lines.values("reservation_id").distinct().count()


def look_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts a location's orders takes his time before he decides."""
    count = allocation.given

    def slowly(*args: Any, **kwargs: Any) -> dict[UUID, int]:
        found = count(*args, **kwargs)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(allocation, "given", slowly)


def test_orders_routed_at_once_are_no_more_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    look_slowly(monkeypatch)
    orders = [ordered() for _ in range(8)]
    assert at_once([partial(route, order_id) for order_id in orders]) == [None] * 8
    assert (sent_by("small"), sent_by("large")) == (3, 5)
    assert services.audit_stock().clean


def test_without_holding_the_capacities_there_would_be_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_slowly(monkeypatch)
    monkeypatch.setattr(allocation, "hold_capacities", lambda: None)
    orders = [ordered() for _ in range(8)]
    at_once([partial(route, order_id) for order_id in orders])
    assert sent_by("small") > 3


def test_paid_orders_routed_by_several_are_no_more_than_it_takes() -> None:
    orders = [ordered() for _ in range(12)]
    services.allocate_paid([AllocateOrder(order_id=one) for one in orders], now=NOON)
    extra = [ordered() for _ in range(4)]
    routing = [partial(services.route_allocations, now=NOON)] * 3

    outcomes = at_once([*routing, *(partial(route, order_id) for order_id in extra)])

    assert sum(one for one in outcomes if one is not None) == 12
    assert (sent_by("small"), sent_by("large")) == (3, 13)
    assert services.audit_stock().clean


def test_what_is_given_back_makes_room_and_counts_once() -> None:
    orders = [ordered() for _ in range(5)]
    for order_id in orders[:4]:
        route(order_id)
        route(order_id)
    assert sent_by("small") == 3
    services.release_reservation(order_id=orders[0], reason="no")
    services.note_released(order_id=orders[0], reason="no", now=NOON)
    route(orders[4])
    assert sent_by("small", orders[1:]) == 3


def test_a_day_is_that_on_which_orders_were_taken_up() -> None:
    late = NOON.replace(hour=23, minute=59, second=59)
    orders = [ordered() for _ in range(4)]
    services.allocate_paid([AllocateOrder(order_id=one) for one in orders], now=late)
    assert services.route_allocations(now=late + timedelta(seconds=2)) == 4
    assert sent_by("small") == 3
    tomorrow = [ordered() for _ in range(4)]
    for order_id in tomorrow:
        route(order_id, late + timedelta(seconds=3))
    assert sent_by("small", tomorrow) == 3


def test_units_not_found_do_not_go_where_the_day_is_full() -> None:
    full = [ordered() for _ in range(3)]
    for order_id in full:
        route(order_id)
    short = ordered()
    route(short)
    task = services.request_pick(RequestPick(location="large", order_id=short), now=NOON)
    services.confirm_pick(
        task_id=task.id, location="large", picked={sku_of(short): 0}, actor="op", now=NOON
    )
    assert sent_by("small") == 3
    assert services.audit_stock().clean


def sku_of(order_id: UUID) -> UUID:
    return ReservationLine.objects.get(reservation__order_id=order_id).sku_id
