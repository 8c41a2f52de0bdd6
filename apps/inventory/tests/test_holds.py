"""Holds of every kind: parts, places, kits, what is not there yet, and what ran out."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.inventory import services
from apps.inventory.errors import (
    KitOfKits,
    NotAllocated,
    OutOfStock,
    PolicyChanged,
    PolicyUnfit,
    ReservationClosed,
    ReservationExpired,
)
from apps.inventory.models import Reservation, StockLevel, StockPolicy
from apps.inventory.tests.factories import counts, order_of, stocked
from apps.inventory.types import ReserveStock, SetPolicy, StockLine
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.testing_threads import kept_waiting

pytestmark = pytest.mark.django_db


def available(sku_id: UUID) -> int:
    return services.availability(sku_ids=[sku_id])[sku_id].available


def overdue(lines: dict[UUID, int]) -> Any:
    """A hold that ran out a second ago and was not swept."""
    return services.reserve_stock(order_of(lines, expires_at=clock.now() - timedelta(seconds=1)))


def backorder(sku_id: UUID, limit: int, **fields: Any) -> None:
    services.set_policy(
        SetPolicy(sku_id=sku_id, oversell="backorder", oversell_limit=limit, **fields),
        actor=SYSTEM,
    )


def kit_of(components: dict[UUID, int]) -> UUID:
    kit = new_id()
    services.set_kit(sku_id=kit, components=components, actor=SYSTEM)
    return kit


def test_part_of_it_is_held_where_the_caller_takes_parts() -> None:
    mug, tea, jam = stocked(5), stocked(1), stocked(0)

    held = services.reserve_stock(order_of({mug: 2, tea: 3, jam: 1}, allow_partial=True))

    assert {line.sku_id: line.quantity for line in held.lines} == {mug: 2, tea: 1}
    assert {(s.sku_id, s.requested, s.available) for s in held.short} == {(tea, 3, 1), (jam, 1, 0)}
    assert (counts(mug), counts(tea)) == ((5, 2, 0), (1, 1, 0))


def test_where_there_is_nothing_at_all_a_part_is_refused_too() -> None:
    jam = stocked(0)
    with pytest.raises(OutOfStock), transaction.atomic():
        services.reserve_stock(order_of({jam: 1}, allow_partial=True))
    assert Reservation.objects.count() == 0


def test_a_chosen_location_serves_first_and_others_the_rest() -> None:
    mug = stocked(5, at="main", priority=1)
    stocked(3, at="north", priority=9, sku_id=mug)

    def held(units: int, **where: Any) -> list[tuple[str, int]]:
        line = StockLine(sku_id=mug, quantity=units, locations=("north",), **where)
        held = services.reserve_stock(ReserveStock(order_id=new_id(), lines=(line,)))
        return [(line.location, line.quantity) for line in held.lines]

    assert held(2) == [("north", 2)]
    assert held(1, only=True) == [("north", 1)]
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        held(1, only=True)
    assert refusal.value.facts["lines"][0]["available"] == 0
    assert held(5) == [("main", 5)]


def test_a_cart_may_have_several_holds() -> None:
    mug = stocked(5)
    for _ in range(2):
        services.reserve_stock(order_of({mug: 1}, reference="cart:1"))
    assert Reservation.objects.filter(reference="cart:1").count() == 2
    assert not published("ecommerce.inventory.order_reservation.reserved.v1")


def test_an_order_is_told_of_as_an_order() -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 1}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    services.cancel_reservation(order_id=held.order_id, reason="no")
    for name in ("reserved", "committed", "released"):
        [told] = published(f"ecommerce.inventory.order_reservation.{name}.v1")
        assert told.payload["orderId"] == str(held.order_id)


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_told_of() -> None:
    mug = stocked(1)
    with pytest.raises(OutOfStock):
        services.reserve_stock(order_of({mug: 2}))
    [told] = published("ecommerce.inventory.reservation.failed.v1")
    assert told.payload["items"] == [{"skuId": str(mug), "requested": 2, "available": 1}]
    assert len(published("ecommerce.inventory.order_reservation.failed.v1")) == 1


def test_extending_lengthens_never_shortens_and_has_an_end() -> None:
    now = clock.now()
    held = services.reserve_stock(order_of({stocked(1): 1}, expires_at=now + timedelta(minutes=5)))

    def until(seconds: int) -> timedelta:
        extended = services.extend_reservation(reservation_id=held.id, seconds=seconds, now=now)
        return extended.expires_at - now

    assert until(600) == timedelta(minutes=10)
    assert until(60) == timedelta(minutes=10)
    assert until(10**7) == held.created_at - now + timedelta(days=7)


def test_what_ran_out_or_was_confirmed_is_not_extended() -> None:
    late = overdue({stocked(1): 1})
    with pytest.raises(ReservationExpired), transaction.atomic():
        services.extend_reservation(reservation_id=late.id, seconds=60, now=clock.now())
    held = services.reserve_stock(order_of({stocked(1): 1}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    with pytest.raises(ReservationClosed), transaction.atomic():
        services.extend_reservation(reservation_id=held.id, seconds=60, now=clock.now())


def test_a_hold_that_ran_out_counts_for_nobody_before_the_sweep() -> None:
    mug, tea = stocked(3), stocked(2)
    late = overdue({mug: 3, tea: 2})
    assert (available(mug), available(tea)) == (3, 2)
    assert services.sku_stock(sku_id=mug).total.available == 3

    services.reserve_stock(order_of({mug: 2}))

    assert (counts(mug), counts(tea)) == ((3, 2, 0), (2, 2, 0))
    assert (available(mug), available(tea)) == (1, 2)
    assert services.audit_stock().clean
    assert services.expire_reservations() == 1
    assert (counts(mug), counts(tea)) == ((3, 2, 0), (2, 0, 0))
    assert Reservation.objects.get(id=late.id).status == "EXPIRED"


def test_paying_late_for_what_others_took_is_refused() -> None:
    mug, tea = stocked(3), stocked(2)
    late = overdue({mug: 1, tea: 2})
    services.reserve_stock(order_of({mug: 3}))

    with pytest.raises(ReservationExpired) as refusal, transaction.atomic():
        services.confirm_reservation(order_id=late.order_id, now=clock.now())

    assert refusal.value.facts["lines"] == [{"skuId": str(mug), "requested": 1, "available": 0}]
    assert (counts(mug), counts(tea)) == ((3, 3, 0), (2, 2, 0))
    assert services.audit_stock().clean


def test_paying_late_takes_anew_what_is_there_again() -> None:
    mug, tea = stocked(3), stocked(2)
    late = overdue({mug: 3, tea: 2})
    other = services.reserve_stock(order_of({mug: 1}))
    services.cancel_reservation(order_id=other.order_id, reason="no")

    confirmed = services.confirm_reservation(order_id=late.order_id, now=clock.now())

    assert confirmed.status == "CONFIRMED"
    assert (counts(mug), counts(tea)) == ((3, 0, 3), (2, 0, 2))
    assert services.audit_stock().clean


def test_what_is_not_there_is_backordered_up_to_the_limit() -> None:
    mug = stocked(2)
    backorder(mug, 3, lead_days=7)
    assert services.availability(sku_ids=[mug])[mug].orderable == 5

    held = services.reserve_stock(order_of({mug: 4}))

    [late] = held.backordered
    assert (late.quantity, [line.quantity for line in held.lines]) == (2, [2])
    assert late.promised_at == held.created_at + timedelta(days=7)
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        services.reserve_stock(order_of({mug: 2}))
    assert refusal.value.facts["lines"] == [{"skuId": str(mug), "requested": 2, "available": 1}]
    assert services.availability(sku_ids=[mug])[mug].orderable == 1
    assert services.audit_stock().clean


def test_those_who_wait_are_served_in_turn_when_units_come(drain: Any) -> None:
    mug = stocked(0)
    backorder(mug, 10)
    first, second = (services.reserve_stock(order_of({mug: 3})) for _ in range(2))
    services.confirm_reservation(order_id=first.order_id, now=clock.now())

    services.receive_stock(sku_id=mug, quantity=4)
    drain()

    assert counts(mug) == (4, 1, 3)
    assert services.get_reservation(reservation_id=first.id).backordered[0].open == 0
    assert services.get_reservation(reservation_id=second.id).backordered[0].open == 2
    assert services.fill_backorders(sku_ids=[mug]) == services.fill_backorders() == 0
    assert services.audit_stock().clean
    confirmed = services.confirm_reservation(order_id=second.order_id, now=clock.now())
    assert [line.quantity for line in confirmed.lines] == [1]
    assert counts(mug) == (4, 0, 4)


@pytest.mark.django_db(transaction=True)
def test_who_waits_is_locked_before_any_level() -> None:
    mug, tea = sorted((stocked(0), stocked(0)))
    for sku in (mug, tea):
        backorder(sku, 5)
        waits = services.reserve_stock(order_of({sku: 1}))
    services.receive_stock(sku_id=mug, quantity=1)

    with transaction.atomic():
        Reservation.objects.select_for_update().get(id=waits.id)
        fill = transaction.atomic(services.fill_backorders)  # as a consumer does
        filling = kept_waiting(lambda: fill(sku_ids=[mug, tea]))
        StockLevel.objects.select_for_update(nowait=True).get(sku_id=mug)

    assert filling.result(10) == 1


def test_who_comes_later_does_not_get_what_others_wait_for() -> None:
    mug = stocked(0)
    backorder(mug, 3)
    services.reserve_stock(order_of({mug: 3}))
    services.receive_stock(sku_id=mug, quantity=2)

    assert available(mug) == 0
    with pytest.raises(OutOfStock), transaction.atomic():
        services.reserve_stock(order_of({mug: 1}))


def test_only_real_units_are_shipped() -> None:
    mug = stocked(1)
    backorder(mug, 3)
    held = services.reserve_stock(order_of({mug: 2}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    with pytest.raises(NotAllocated), transaction.atomic():
        services.ship_stock(order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=2)])
    shipped = services.ship_stock(
        order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=1)], reference="one"
    )
    assert shipped.status == "CONFIRMED"


@pytest.mark.parametrize("ends", ["cancelled", "expired"])
def test_whoever_gives_up_waits_no_longer(ends: str) -> None:
    mug = stocked(1)
    backorder(mug, 3)
    if ends == "expired":
        overdue({mug: 3})
        services.expire_reservations()
    else:
        held = services.reserve_stock(order_of({mug: 3}))
        services.cancel_reservation(order_id=held.order_id, reason="no")
    assert StockPolicy.objects.get(sku_id=mug).backordered == 0
    assert counts(mug) == (1, 0, 0)
    assert services.audit_stock().clean


def test_a_preorder_ends_with_the_release() -> None:
    now = clock.now()
    mug = stocked(0)
    for day, room in ((1, 5), (-1, 0)):
        at = now + timedelta(days=day)
        command = SetPolicy(sku_id=mug, oversell="preorder", oversell_limit=5, promised_at=at)
        services.set_policy(command, actor=SYSTEM)
        assert services.availability(sku_ids=[mug])[mug].orderable == room


def test_a_policy_is_guarded_and_fits_what_is_promised() -> None:
    mug = stocked(0)
    backorder(mug, 3, expected_version=0)
    with pytest.raises(PolicyChanged), transaction.atomic():
        backorder(mug, 4, expected_version=0)
    services.reserve_stock(order_of({mug: 2}))
    with pytest.raises(PolicyUnfit), transaction.atomic():
        backorder(mug, 1)
    denied = services.set_policy(SetPolicy(sku_id=mug), actor=SYSTEM)
    assert (denied.oversell, denied.oversell_limit, denied.backordered) == ("deny", 2, 2)


def test_a_kit_is_its_components() -> None:
    mug, tea = stocked(5), stocked(9)
    kit = kit_of({mug: 1, tea: 2})
    assert available(kit) == 4

    held = services.reserve_stock(order_of({kit: 2, mug: 1}))

    assert {line.sku_id: line.quantity for line in held.lines} == {mug: 3, tea: 4}
    assert [(one.sku_id, one.quantity) for one in held.kits] == [(kit, 2)]
    assert available(kit) == 2
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        services.reserve_stock(order_of({kit: 3}))
    assert refusal.value.facts["lines"] == [{"skuId": str(kit), "requested": 3, "available": 2}]


def test_a_kit_is_shipped_as_it_was_made_up_when_it_was_reserved() -> None:
    mug, tea = stocked(5), stocked(9)
    kit = kit_of({mug: 1, tea: 2})
    held = services.reserve_stock(order_of({kit: 2}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    services.set_kit(sku_id=kit, components={mug: 2}, actor=SYSTEM)

    def ship(kits: int, reference: str) -> str:
        lines = [StockLine(sku_id=kit, quantity=kits)]
        return services.ship_stock(order_id=held.order_id, lines=lines, reference=reference).status

    assert ship(1, "one") == "CONFIRMED"
    assert (counts(mug), counts(tea)) == ((4, 0, 1), (7, 0, 2))
    with pytest.raises(NotAllocated), transaction.atomic():
        ship(2, "two")
    assert ship(1, "two") == "SHIPPED"
    assert services.audit_stock().clean


def test_a_cancelled_kit_gives_its_components_back() -> None:
    mug = stocked(4)
    kit = kit_of({mug: 2})
    held = services.reserve_stock(order_of({kit: 2}))
    services.cancel_reservation(order_id=held.order_id, reason="no")
    assert counts(mug) == (4, 0, 0)


def test_there_are_no_kits_of_kits() -> None:
    mug = stocked(4)
    kit = kit_of({mug: 2})
    for sku_id, components in ((new_id(), {kit: 1}), (mug, {new_id(): 1}), (kit, {kit: 1})):
        with pytest.raises(KitOfKits), transaction.atomic():
            services.set_kit(sku_id=sku_id, components=components, actor=SYSTEM)


def test_a_kit_is_told_of_when_a_component_moves(drain: Any) -> None:
    mug = stocked(4)
    kit = kit_of({mug: 2})
    services.reserve_stock(order_of({mug: 1}))
    drain()
    told = published("ecommerce.inventory.available.updated.v1")
    assert [e.payload["available"] for e in told if e.payload["skuId"] == str(kit)][-1] == 1
