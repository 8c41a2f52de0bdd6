"""What is told of a hot SKU, though most of its units lie on stripes."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.inventory import services
from apps.inventory.events import AvailableUpdated
from apps.inventory.models import AlertInstance
from apps.inventory.queries.planning import promisable
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import (
    LotUnits,
    RequestPick,
    Tracking,
    Watch,
    WatchStock,
)
from ecommerce import clock
from ecommerce.events.testing import published

pytestmark = pytest.mark.django_db


def hot(sku_id: UUID) -> UUID:
    services.set_counting(sku_id=sku_id, counting="striped")
    return sku_id


def told(sku_id: UUID) -> list[int]:
    """What was said to be available, one after the other."""
    facts = [
        event.read(AvailableUpdated)
        for event in published("ecommerce.inventory.available.updated.v1")
    ]
    return [fact.available for fact in facts if fact.sku_id == sku_id]


@pytest.mark.parametrize("how", ["cancelled", "expired"])
def test_a_hold_given_back_is_told_with_all_units(how: str) -> None:
    mug = hot(stocked(20))
    held = services.reserve_stock(order_of({mug: 2}))
    services.announce_hot()
    if how == "cancelled":
        services.cancel_reservation(order_id=held.order_id, reason="")
    else:
        services.expire_reservations(now=clock.now() + timedelta(hours=1))
    services.announce_hot()
    assert told(mug) == [20, 18, 20]


def test_what_its_buyers_could_not_tell_is_told_when_a_sku_cools_down() -> None:
    mug = hot(stocked(20))
    services.announce_hot()
    services.reserve_stock(order_of({mug: 2}))
    services.set_counting(sku_id=mug, counting="plain")
    assert told(mug) == [20, 20, 18]


def test_a_location_is_summed_with_what_lies_on_stripes_and_without_what_ran_out() -> None:
    mug = hot(stocked(20))
    services.reserve_stock(order_of({mug: 2}))
    services.reserve_stock(order_of({mug: 3}, expires_at=clock.now() - timedelta(minutes=1)))
    main = services.location_summary(location_id=location().id)
    assert (main.on_hand, main.reserved, main.available) == (20, 2, 18)


def test_nothing_is_bought_because_units_lie_on_stripes() -> None:
    mug = hot(stocked(20))
    assert promisable([mug]) == {(mug, location().id): 20}


def test_no_alarm_is_raised_because_units_lie_on_stripes() -> None:
    hot(stocked(20))
    services.watch_stock(WatchStock(name="low", watch=Watch.LOW, threshold=5))
    services.watch_stock(WatchStock(name="out", watch=Watch.STOCKOUT_RATE, threshold=50))
    services.look_at_stock(now=clock.now())
    assert not AlertInstance.objects.exists()


def test_expired_lots_of_a_hot_sku_are_withdrawn() -> None:
    location()
    milk = services.track_sku(Tracking(sku_id=stocked(0), lots=True)).sku_id
    today = clock.now().date()
    old = LotUnits(code="old", quantity=4, expires_on=today - timedelta(days=2))
    services.receive_stock(sku_id=milk, quantity=4, lots=(old,))
    hot(milk)
    assert services.withdraw_expired(today=today) == 4
    assert services.audit_stock().clean


def test_what_was_not_found_of_a_hot_sku_is_taken_elsewhere() -> None:
    mug = stocked(5, at="a", priority=1)
    stocked(5, at="b", sku_id=mug)
    hot(mug)
    command = order_of({mug: 3})
    services.allocate_stock(command, now=clock.now())
    task = services.request_pick(
        RequestPick(location="a", order_id=command.order_id), now=clock.now()
    )
    services.confirm_pick(
        location="a", task_id=task.id, picked={mug: 1}, actor="me", now=clock.now()
    )
    found = services.get_reservation(reservation_id=services.reserve_stock(command).id)
    assert {line.location: line.quantity for line in found.lines} == {"a": 1, "b": 2}
    assert services.audit_stock().clean
