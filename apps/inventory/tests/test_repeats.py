"""An order that is reserved for twice: the same call again, or another one."""

from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.errors import OutOfStock, ReservationDiffers
from apps.inventory.models import Reservation
from apps.inventory.tests.factories import counts, order_of, stocked
from apps.inventory.types import Counting, ReserveStock, SetPolicy, StockLine
from ecommerce import clock
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.testing_threads import at_once

pytestmark = pytest.mark.django_db
WAYS: tuple[Counting, ...] = ("plain", "striped", "flash")


def refused(command: ReserveStock) -> ReservationDiffers:
    with pytest.raises(ReservationDiffers) as caught, transaction.atomic():
        services.reserve_stock(command)
    return caught.value


@pytest.mark.parametrize("counting", WAYS)
def test_other_units_for_an_order_are_refused_and_change_nothing(counting: Counting) -> None:
    mug, tea, jam = stocked(9), stocked(9), stocked(0)
    services.set_counting(sku_id=mug, counting=counting)
    first = services.reserve_stock(order_of({mug: 2}))
    held = services.availability(sku_ids=[mug])[mug]

    more = refused(order_of({mug: 3}, order_id=first.order_id))
    others = refused(order_of({mug: 2, tea: 1}, order_id=first.order_id))
    gone = refused(order_of({jam: 1}, order_id=first.order_id))

    assert more.facts["items"] == [{"skuId": str(mug), "first": 2, "now": 3}]
    assert others.facts["items"] == [{"skuId": str(tea), "first": 0, "now": 1}]
    assert gone.facts["items"] == [
        {"skuId": str(sku), "first": first_, "now": now}
        for sku, first_, now in sorted([(mug, 2, 0), (jam, 0, 1)])
    ]
    assert services.availability(sku_ids=[mug])[mug] == held
    assert counts(tea) == (9, 0, 0)
    assert services.reserve_stock(order_of({mug: 2}, order_id=first.order_id)) == first


def test_lines_that_add_up_to_the_same_are_the_same_call() -> None:
    mug = stocked(9)
    first = services.reserve_stock(order_of({mug: 3}))
    lines = (StockLine(sku_id=mug, quantity=1), StockLine(sku_id=mug, quantity=2))
    assert services.reserve_stock(ReserveStock(order_id=first.order_id, lines=lines)) == first


def test_a_repeat_is_known_when_the_hold_has_gone_on() -> None:
    mug = stocked(9)
    command = order_of({mug: 3})
    services.reserve_stock(command)
    services.confirm_reservation(order_id=command.order_id, now=clock.now())
    services.ship_stock(order_id=command.order_id, lines=[StockLine(sku_id=mug, quantity=3)])

    assert services.reserve_stock(command).status == "SHIPPED"
    assert counts(mug) == (6, 0, 0)
    assert refused(order_of({mug: 1}, order_id=command.order_id))


def test_kits_are_compared_as_kits() -> None:
    mug, kit = stocked(9), new_id()
    services.set_kit(sku_id=kit, components={mug: 2}, actor=SYSTEM)
    first = services.reserve_stock(order_of({kit: 2}))
    services.set_kit(sku_id=kit, components={mug: 1}, actor=SYSTEM)

    assert services.reserve_stock(order_of({kit: 2}, order_id=first.order_id)).lines == first.lines
    assert refused(order_of({mug: 4}, order_id=first.order_id))


def test_backorders_count_as_asked() -> None:
    mug = stocked(1)
    policy = SetPolicy(sku_id=mug, oversell="backorder", oversell_limit=5)
    services.set_policy(policy, actor=SYSTEM)
    command = order_of({mug: 4})
    first = services.reserve_stock(command)
    assert services.reserve_stock(command) == first
    assert [one.quantity for one in first.backordered] == [3]
    assert refused(order_of({mug: 1}, order_id=command.order_id))


@pytest.mark.parametrize("counting", WAYS)
def test_a_part_is_told_again_and_is_not_all(counting: Counting) -> None:
    mug = stocked(2)
    services.set_counting(sku_id=mug, counting=counting)
    command = order_of({mug: 5}, allow_partial=True)
    first = services.reserve_stock(command)
    services.receive_stock(sku_id=mug, quantity=10)

    assert [(one.requested, one.available) for one in first.short] == [(5, 2)]
    assert services.reserve_stock(command) == first
    assert services.get_reservation(reservation_id=first.id).short == first.short
    whole = refused(order_of({mug: 5}, order_id=command.order_id))
    assert whole.facts["items"] == [{"skuId": str(mug), "first": 2, "now": 5}]
    assert services.availability(sku_ids=[mug])[mug].available == 10


def test_a_hold_of_before_this_was_kept_answers_whatever_is_asked() -> None:
    mug = stocked(9)
    first = services.reserve_stock(order_of({mug: 2}))
    Reservation.objects.update(asked=None)
    assert services.reserve_stock(order_of({mug: 3}, order_id=first.order_id)) == first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counting", WAYS)
def test_of_two_calls_at_once_one_makes_the_hold_and_the_other_is_refused(
    counting: Counting,
) -> None:
    mug = stocked(1_000)
    services.set_counting(sku_id=mug, counting=counting)
    orders = [new_id() for _ in range(12)]
    jobs = [
        lambda order_id=order_id, units=units: services.reserve_stock(
            order_of({mug: units}, order_id=order_id)
        )
        for order_id in orders
        for units in (1, 2, 2, 1)
    ]

    outcomes = at_once(jobs)

    for place in range(0, len(outcomes), 4):
        kinds = Counter(type(one).__name__ for one in outcomes[place : place + 4])
        assert kinds == {"Reservation": 2, "ReservationDiffers": 2}
    assert services.audit_stock().clean
    held = 1_000 - services.availability(sku_ids=[mug])[mug].available
    ones = [one for one in outcomes if not isinstance(one, ReservationDiffers)]
    assert held == sum(one.lines[0].quantity for one in ones) // 2


BASKETS = st.dictionaries(st.integers(0, 2), st.integers(1, 4), min_size=1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=BASKETS, again=BASKETS, stock=st.integers(0, 12), partial=st.booleans())
def test_whatever_is_asked_twice_is_held_once(
    first: Mapping[int, int], again: Mapping[int, int], stock: int, partial: bool
) -> None:
    shelf = [stocked(stock) for _ in range(3)]
    order_id = new_id()

    def ask(basket: Mapping[int, int]) -> Any:
        lines = {shelf[number]: units for number, units in basket.items()}
        command = order_of(lines, order_id=order_id, allow_partial=partial)
        try:
            with transaction.atomic():
                return services.reserve_stock(command)
        except (OutOfStock, ReservationDiffers) as refusal:
            return refusal

    held = ask(first)
    before = [counts(sku) for sku in shelf]
    repeated = ask(again)

    if hasattr(held, "lines"):
        assert repeated == held if again == first else isinstance(repeated, ReservationDiffers)
        assert [counts(sku) for sku in shelf] == before
    assert services.audit_stock().clean


def test_the_rest_door_says_what_differs(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mug = stocked(5)
    known = SimpleNamespace(id=mug, code="MUG")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        return {mug: known}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    body = {"orderId": str(new_id()), "items": [{"skuId": "MUG", "quantity": 2}]}
    first = api.json_of("POST", "/api/v1/reservations", body, status=201)
    again = api.json_of("POST", "/api/v1/reservations", body, status=201)
    other = {**body, "items": [{"skuId": "MUG", "quantity": 1}]}
    problem = api.json_of("POST", "/api/v1/reservations", other, status=409)
    assert first == again
    assert problem["code"] == "inventory/reservation-differs"
    assert problem["items"] == [{"skuId": str(mug), "first": 2, "now": 1}]
