"""Allocations: where orders are sent from, why, and what happens when units are not where they should be."""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.errors import AllocationBegun, NotThere, ReservationClosed, TaskClosed
from apps.inventory.models import (
    Allocation,
    Backorder,
    Location,
    ReservationLine,
    RoutingPolicy,
    RoutingRule,
    StockLevel,
    StockPolicy,
    WarehouseTask,
)
from apps.inventory.services import allocation as follow
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import AllocateOrder, Pick, RequestPick, StockLine
from ecommerce.events.testing import drain, published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once, kept_waiting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def place(code: str, **fields: Any) -> Location:
    found = location(code, priority=fields.pop("priority", 10))
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    return found


def policy(objective: str = "splits", **fields: Any) -> RoutingPolicy:
    return RoutingPolicy.objects.create(objective=objective, **fields)


def reserved(lines: dict[UUID, int]) -> UUID:
    command = order_of(lines)
    services.allocate_stock(command, now=NOW)
    return command.order_id


def allocate(order_id: UUID, **fields: Any) -> Any:
    return services.allocate_order(AllocateOrder(order_id=order_id, **fields), now=NOW)


def held_at(order_id: UUID) -> dict[str, int]:
    rows = ReservationLine.objects.filter(reservation__order_id=order_id)
    return dict(rows.values_list("location__code", "quantity"))


def books_are_right() -> bool:
    return not any(services.audit_stock().off.values())


def test_without_a_policy_units_stay_where_they_were_reserved() -> None:
    order_id = reserved({stocked(5, at="north"): 2})
    made = allocate(order_id)
    assert (made.status, made.decision["decision"]) == ("ALLOCATED", "2 from north")
    assert made.decision["reasons"][0]["outcome"] == "kept"


def test_the_nearest_location_sends_and_the_reasons_say_why() -> None:
    place("berlin", priority=1, country="DE", latitude=52.52, longitude=13.405)
    place("lyon", priority=9, country="FR", latitude=45.764, longitude=4.8357)
    sku = stocked(5, at="berlin", priority=1)
    stocked(5, at="lyon", sku_id=sku)
    policy("distance")
    order_id = reserved({sku: 2})
    assert held_at(order_id) == {"berlin": 2}

    made = allocate(order_id, country="FR", latitude=48.8566, longitude=2.3522)

    assert held_at(order_id) == {"lyon": 2}
    outcomes = {one["rule"]: one["outcome"] for one in made.decision["reasons"]}
    assert (outcomes["location:lyon"], outcomes["location:berlin"]) == ("chosen", "not chosen")
    assert "391 km" in str(made.decision)
    assert books_are_right()


def test_two_skus_go_in_one_parcel_where_one_location_has_both() -> None:
    mug, tea = stocked(5, at="a", priority=1), stocked(5, at="b", priority=2)
    stocked(5, at="c", priority=3, sku_id=mug)
    stocked(5, at="c", sku_id=tea)
    policy("splits")
    order_id = reserved({mug: 1, tea: 1})
    assert held_at(order_id) == {"a": 1, "b": 1}
    allocate(order_id)
    assert held_at(order_id) == {"c": 1}
    assert ReservationLine.objects.filter(reservation__order_id=order_id).count() == 2
    assert books_are_right()


def test_exclusions_capacity_and_countries_are_kept() -> None:
    full, far, out = place("full", daily_capacity=1), place("far", country="US"), place("out")
    sku = stocked(9, at="full")
    for other in ("far", "out", "home"):
        stocked(9, at=other, sku_id=sku)
    rules = policy("splits", own_country_first=True)
    RoutingRule.objects.create(policy=rules, location=out, effect="exclude")
    assert (full.daily_capacity, far.country) == (1, "US")
    first, second = reserved({sku: 1}), reserved({sku: 1})
    for order_id in (first, second):
        allocate(order_id, picks=(Pick(sku_id=sku, location="full", quantity=1),))

    made = allocate(second, country="DE")

    assert held_at(second) == {"home": 1}
    why = {one["rule"]: one["why"] for one in made.decision["reasons"]}
    assert "excludes" in why["location:out"]
    assert "1 orders today" in why["location:full"]


def test_where_no_way_is_allowed_units_stay() -> None:
    sku = stocked(3, at="a", priority=1)
    rules = policy("splits")
    RoutingRule.objects.create(policy=rules, location=location("a"), effect="exclude")
    order_id = reserved({sku: 2})
    assert allocate(order_id).decision["reasons"][0]["outcome"] == "kept"
    assert held_at(order_id) == {"a": 2}


def test_chosen_picks_are_what_was_reserved_and_is_there() -> None:
    sku = stocked(3, at="a", priority=1)
    stocked(1, at="b", sku_id=sku)
    order_id = reserved({sku: 2})
    for wrong in (
        (Pick(sku_id=sku, location="b", quantity=2),),
        (Pick(sku_id=sku, location="a", quantity=1),),
    ):
        with pytest.raises(NotThere):
            allocate(order_id, picks=wrong)
    one_each = tuple(Pick(sku_id=sku, location=code, quantity=1) for code in ("a", "b"))
    allocate(order_id, picks=one_each)
    assert held_at(order_id) == {"a": 1, "b": 1}
    assert books_are_right()


def test_paid_orders_are_taken_up_once_and_routed_soon_after() -> None:
    sku = stocked(5, at="a", priority=1)
    stocked(5, at="b", sku_id=sku)
    RoutingRule.objects.create(policy=policy(), location=location("a"), effect="exclude")
    order_id = reserved({sku: 2})
    commands = [AllocateOrder(order_id=order_id), AllocateOrder(order_id=new_id())]

    assert services.allocate_paid(commands, now=NOW) == 1
    assert services.allocate_paid(commands, now=NOW) == 0
    assert published("ecommerce.inventory.allocation.created.v1") == []
    assert services.route_allocations(now=NOW) == 1
    assert services.route_allocations(now=NOW) == 0
    assert held_at(order_id) == {"b": 2}
    (fact,) = published("ecommerce.inventory.allocation.created.v1")
    assert fact.payload["items"][0]["quantity"] == 2


def test_what_is_picked_packed_and_shipped_is_said() -> None:
    sku = stocked(5, at="a")
    order_id = reserved({sku: 2})
    made = allocate(order_id)
    task = services.request_pick(RequestPick(location="a", order_id=order_id), now=NOW)

    def status() -> str:
        return services.get_allocation(allocation_id=made.id).status

    assert status() == "PICKING"
    with pytest.raises(AllocationBegun):
        allocate(order_id)
    services.confirm_pick(location="a", task_id=task.id, picked={}, actor="me", now=NOW)
    assert status() == "PICKED"
    services.note_packed(order_id=order_id, now=NOW)
    assert status() == "PACKED"
    services.ship_stock(order_id=order_id, lines=[StockLine(sku_id=sku, quantity=2)])
    assert status() == "SHIPPED"
    assert len(published("ecommerce.inventory.allocation.completed.v1")) == 1
    with pytest.raises(ReservationClosed):
        services.release_allocation(allocation_id=made.id, reason="", now=NOW)


def short_pick(order_id: UUID, sku: UUID, found: int, at: str = "a") -> None:
    task = services.request_pick(RequestPick(location=at, order_id=order_id), now=NOW)
    services.confirm_pick(location=at, task_id=task.id, picked={sku: found}, actor="me", now=NOW)


def test_what_is_not_found_is_picked_elsewhere() -> None:
    sku = stocked(5, at="a", priority=1)
    stocked(2, at="b", sku_id=sku)
    stocked(9, at="c", priority=20, sku_id=sku)
    order_id = reserved({sku: 4})
    made = allocate(order_id)

    short_pick(order_id, sku, found=1)

    assert held_at(order_id) == {"a": 1, "c": 3}
    (task,) = WarehouseTask.objects.filter(order_id=order_id, status="ACCEPTED")
    assert task.location.code == "c"
    assert StockLevel.objects.get(sku_id=sku, location__code="a").held
    services.confirm_pick(location="c", task_id=task.id, picked={}, actor="me", now=NOW)
    assert services.get_allocation(allocation_id=made.id).status == "PICKED"
    assert books_are_right()


def test_what_is_nowhere_else_is_backordered_where_that_is_allowed() -> None:
    sku = stocked(5, at="a")
    StockPolicy.objects.create(sku_id=sku, oversell="backorder", oversell_limit=5)
    order_id = reserved({sku: 4})
    made = allocate(order_id)
    short_pick(order_id, sku, found=1)
    assert held_at(order_id) == {"a": 1}
    assert Backorder.objects.get().quantity == 3
    assert services.get_allocation(allocation_id=made.id).status == "PICKED"
    assert books_are_right()


def test_what_is_nowhere_fails_the_allocation_and_stays_promised() -> None:
    sku = stocked(5, at="a")
    order_id = reserved({sku: 4})
    made = allocate(order_id)
    short_pick(order_id, sku, found=1)
    assert services.get_allocation(allocation_id=made.id).status == "FAILED"
    assert held_at(order_id) == {"a": 4}
    (fact,) = published("ecommerce.inventory.allocation.failed.v1")
    assert fact.payload["items"][0]["quantity"] == 3
    assert books_are_right()


def test_a_release_gives_back_and_calls_picks_off() -> None:
    sku = stocked(5, at="a")
    order_id = reserved({sku: 4})
    made = allocate(order_id)
    services.request_pick(RequestPick(location="a", order_id=order_id), now=NOW)
    for _twice in range(2):
        released = services.release_allocation(allocation_id=made.id, reason="fraud", now=NOW)
        assert released.status == "RELEASED"
    drain()
    assert WarehouseTask.objects.get(order_id=order_id).status == "CANCELLED"
    assert len(published("ecommerce.inventory.allocation.released.v1")) == 1
    assert services.availability(sku_ids=[sku])[sku].available == 5


def test_a_canceled_order_is_released_by_what_it_tells() -> None:
    sku = stocked(5, at="a")
    order_id = reserved({sku: 4})
    allocate(order_id)
    services.cancel_reservation(order_id=order_id, reason="changed their mind")
    drain()
    assert Allocation.objects.get(order_id=order_id).status == "RELEASED"


def test_the_public_door(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sku = stocked(5, at="a", priority=1)
    stocked(5, at="b", sku_id=sku)
    known = SimpleNamespace(id=sku, code="MUG", seller="acme")
    monkeypatch.setattr(catalog, "find_skus", lambda *, ids=(), codes=(): {sku: known})
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    command = order_of({sku: 2})
    held = services.allocate_stock(command, now=NOW)
    body = {
        "reservationId": str(held.id),
        "picks": [{"skuId": "MUG", "locationId": "b", "quantity": 2}],
        "destination": {"country": "DE"},
    }
    made = api.json_of("POST", "/api/v1/allocations", body, status=201)
    at = f"/api/v1/allocations/{made['allocationId']}"
    assert made["items"][0]["locationId"] == "b"
    assert made["decision"]["reasons"][0]["rule"] == "caller"
    assert api.json_of("GET", at, status=200) == made
    listed = api.json_of("GET", "/api/v1/allocations?status=ALLOCATED", status=200)["results"]
    assert [one["orderId"] for one in listed] == [made["orderId"]]
    gone = api.json_of("POST", f"{at}/release", {"reason": "fraud"}, status=200)
    assert (gone["status"], gone["items"]) == ("RELEASED", made["items"])


@pytest.mark.django_db(transaction=True)
def test_routing_and_buying_at_once_sells_nothing_twice() -> None:
    sku = stocked(12, at="a", priority=1)
    stocked(6, at="b", sku_id=sku)
    RoutingRule.objects.create(policy=policy(), location=location("a"), effect="exclude")
    orders = [reserved({sku: 1}) for _ in range(8)]
    services.allocate_paid([AllocateOrder(order_id=one) for one in orders], now=NOW)

    def buy() -> None:
        for _ in range(4):
            reserved({sku: 1})

    def give_up() -> None:
        for order_id in orders[:3]:
            services.cancel_reservation(order_id=order_id, reason="")

    def route() -> None:
        services.route_allocations(now=NOW)

    assert at_once([route, route, route, buy, buy, give_up]) == [None] * 6
    route()

    assert books_are_right()
    assert services.availability(sku_ids=[sku])[sku].available == 18 - 8 - 8 + 3


@pytest.mark.django_db(transaction=True)
def test_short_picks_and_a_cancellation_at_once_leave_the_books_right() -> None:
    for _round in range(5):
        sku = stocked(3, at="a", priority=1)
        stocked(3, at="b", priority=2, sku_id=sku)
        stocked(9, at="c", priority=3, sku_id=sku)
        order_id = reserved({sku: 2})
        other = Pick(sku_id=sku, location="b", quantity=1)
        allocate(order_id, picks=(Pick(sku_id=sku, location="a", quantity=1), other))
        picks = {
            at: services.request_pick(RequestPick(location=at, order_id=order_id), now=NOW).id
            for at in ("a", "b")
        }

        def short(at: str, picks: dict[str, UUID] = picks, sku: UUID = sku) -> None:
            with suppress(TaskClosed):
                services.confirm_pick(
                    location=at, task_id=picks[at], picked={sku: 0}, actor="me", now=NOW
                )

        def cancel(order_id: UUID = order_id) -> None:
            services.cancel_reservation(order_id=order_id, reason="")
            drain()

        assert at_once([partial(short, "a"), partial(short, "b"), cancel]) == [None] * 3
        drain()
        assert Allocation.objects.get(order_id=order_id).status == "RELEASED"
        assert not WarehouseTask.objects.filter(order_id=order_id, closed_at=None).exists()
        assert books_are_right()


@pytest.mark.django_db(transaction=True)
def test_what_is_packed_meanwhile_is_not_routed_anew() -> None:
    order_id = reserved({stocked(3): 1})
    allocate(order_id)

    with transaction.atomic():
        follow.note_packed(order_id=order_id, now=NOW)
        again = kept_waiting(lambda: allocate(order_id))

    with pytest.raises(AllocationBegun):
        again.result(10)
    assert Allocation.objects.get(order_id=order_id).status == "PACKED"


def test_following_an_order_without_an_allocation_changes_nothing() -> None:
    order_id = new_id()
    follow.note_packed(order_id=order_id, now=NOW)
    follow.note_shipped(order_id=order_id)
    assert follow.note_released(order_id=order_id, reason="", now=NOW) is False
