"""Holding stock: all lines or none, once per order, from the right places."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.inventory import services
from apps.inventory.errors import (
    EmptyStockChange,
    NoReservation,
    OutOfStock,
    ReservationClosed,
    ReservationExpired,
)
from apps.inventory.models import Reservation, StockLevel
from apps.inventory.tests.factories import counts, order_of, stocked
from apps.inventory.types import AdjustStock, StockLine
from ecommerce import clock
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_reserved_units_are_no_longer_available() -> None:
    mug = stocked(5)

    reservation = services.reserve_stock(order_of({mug: 2}))

    assert reservation.status == "RESERVED"
    assert [(line.sku_id, line.location, line.quantity) for line in reservation.lines] == [
        (mug, "main", 2)
    ]
    assert counts(mug) == (5, 2, 0)
    assert services.availability(sku_ids=[mug])[mug].available == 3


def test_one_short_line_reserves_nothing() -> None:
    mug, tea = stocked(5), stocked(1)

    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        services.reserve_stock(order_of({mug: 1, tea: 2}))

    assert refusal.value.facts["lines"] == [{"skuId": str(tea), "requested": 2, "available": 1}]
    assert counts(mug) == (5, 0, 0)
    assert counts(tea) == (1, 0, 0)
    assert Reservation.objects.count() == 0


def test_a_sku_without_stock_is_out_of_stock() -> None:
    unknown = new_id()
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        services.reserve_stock(order_of({unknown: 1}))
    assert refusal.value.facts["lines"] == [{"skuId": str(unknown), "requested": 1, "available": 0}]


def test_repeating_the_command_returns_the_first_reservation() -> None:
    mug = stocked(3)
    command = order_of({mug: 3})
    first = services.reserve_stock(command)

    assert services.reserve_stock(command) == first
    assert counts(mug) == (3, 3, 0)


def test_lines_of_one_sku_are_added_up() -> None:
    mug = stocked(5)
    command = order_of({mug: 2})
    command = order_of({mug: 2}, order_id=command.order_id)
    twice = type(command)(
        order_id=command.order_id,
        lines=(StockLine(sku_id=mug, quantity=2), StockLine(sku_id=mug, quantity=1)),
    )
    assert services.reserve_stock(twice).lines[0].quantity == 3


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_and_less_cannot_be_reserved(quantity: int) -> None:
    with pytest.raises(EmptyStockChange), transaction.atomic():
        services.reserve_stock(order_of({stocked(1): quantity}))


def test_the_first_location_by_priority_serves_first() -> None:
    mug = stocked(5, at="main", priority=10)
    stocked(5, at="north", priority=1, sku_id=mug)

    reservation = services.reserve_stock(order_of({mug: 4}))

    assert [(line.location, line.quantity) for line in reservation.lines] == [("north", 4)]


def test_a_location_that_has_it_all_comes_before_a_split() -> None:
    mug = stocked(2, at="north", priority=1)
    stocked(5, at="main", sku_id=mug)

    reservation = services.reserve_stock(order_of({mug: 4}))

    assert [(line.location, line.quantity) for line in reservation.lines] == [("main", 4)]


def test_what_no_location_has_alone_is_split() -> None:
    mug = stocked(3, at="main", priority=10)
    stocked(2, at="north", priority=1, sku_id=mug)

    reservation = services.reserve_stock(order_of({mug: 4}))

    assert [(line.location, line.quantity) for line in reservation.lines] == [
        ("main", 2),
        ("north", 2),
    ]
    assert counts(mug) == (5, 4, 0)


def test_an_inactive_location_serves_nobody() -> None:
    mug = stocked(5)
    StockLevel.objects.get(sku_id=mug).location.__class__.objects.update(active=False)
    with pytest.raises(OutOfStock), transaction.atomic():
        services.reserve_stock(order_of({mug: 1}))


def test_the_hold_lasts_half_an_hour_by_the_database_clock() -> None:
    reservation = services.reserve_stock(order_of({stocked(1): 1}))
    assert (reservation.expires_at - reservation.created_at) == pytest.approx(
        timedelta(minutes=30), abs=timedelta(seconds=1)
    )


def test_reserving_takes_two_statements(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest-django
    mug, tea = stocked(5), stocked(5)
    with django_assert_num_queries(2):
        services.reserve_stock(order_of({mug: 1, tea: 2}))


def test_confirming_allocates_what_was_held() -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 2}))

    confirmed = services.confirm_reservation(order_id=held.order_id, now=clock.now())

    assert confirmed.status == "CONFIRMED"
    assert confirmed.lines == held.lines
    assert counts(mug) == (5, 0, 2)
    assert services.confirm_reservation(order_id=held.order_id, now=clock.now()) == confirmed


def test_an_expired_hold_is_given_back_once() -> None:
    mug = stocked(2)
    services.reserve_stock(order_of({mug: 2}, expires_at=clock.now() - timedelta(seconds=1)))

    assert services.expire_reservations() == 1
    assert services.expire_reservations() == 0
    assert counts(mug) == (2, 0, 0)


def test_a_hold_that_still_runs_is_not_swept() -> None:
    mug = stocked(2)
    services.reserve_stock(order_of({mug: 2}, expires_at=clock.now() + timedelta(seconds=60)))
    assert services.expire_reservations() == 0
    assert counts(mug) == (2, 2, 0)


def test_confirming_late_but_before_the_sweep_is_in_time() -> None:
    mug = stocked(1)
    held = services.reserve_stock(order_of({mug: 1}, expires_at=clock.now() - timedelta(seconds=1)))
    assert services.confirm_reservation(order_id=held.order_id, now=clock.now()).status == (
        "CONFIRMED"
    )
    assert services.expire_reservations() == 0


def test_confirming_after_the_sweep_takes_the_stock_anew() -> None:
    mug = stocked(1)
    held = services.reserve_stock(order_of({mug: 1}, expires_at=clock.now() - timedelta(seconds=1)))
    services.expire_reservations()

    confirmed = services.confirm_reservation(order_id=held.order_id, now=clock.now())

    assert confirmed.status == "CONFIRMED"
    assert counts(mug) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_confirming_after_someone_else_took_the_stock_is_refused() -> None:
    mug = stocked(1)
    held = services.reserve_stock(order_of({mug: 1}, expires_at=clock.now() - timedelta(seconds=1)))
    services.expire_reservations()
    services.reserve_stock(order_of({mug: 1}))

    with pytest.raises(ReservationExpired) as refusal, transaction.atomic():
        services.confirm_reservation(order_id=held.order_id, now=clock.now())

    assert refusal.value.facts["lines"] == [{"skuId": str(mug), "requested": 1, "available": 0}]
    assert counts(mug) == (1, 1, 0)
    found = services.get_reservation(reservation_id=held.id)
    assert (found.status, len(found.lines)) == ("EXPIRED", 1)


def test_confirming_what_was_never_held_is_refused() -> None:
    with pytest.raises(NoReservation), transaction.atomic():
        services.confirm_reservation(order_id=new_id(), now=clock.now())


@pytest.mark.parametrize("confirmed", [False, True])
def test_cancelling_gives_everything_back_once(confirmed: bool) -> None:
    mug = stocked(3)
    held = services.reserve_stock(order_of({mug: 2}))
    if confirmed:
        services.confirm_reservation(order_id=held.order_id, now=clock.now())

    for _ in range(2):
        cancelled = services.cancel_reservation(order_id=held.order_id, reason="changed my mind")
        assert cancelled is not None
        assert cancelled.status == "CANCELLED"
    assert counts(mug) == (3, 0, 0)


def test_a_cancelled_hold_cannot_be_confirmed() -> None:
    held = services.reserve_stock(order_of({stocked(1): 1}))
    services.cancel_reservation(order_id=held.order_id, reason="gone")
    with pytest.raises(ReservationClosed), transaction.atomic():
        services.confirm_reservation(order_id=held.order_id, now=clock.now())


def test_cancelling_an_order_without_stock_is_none() -> None:
    assert services.cancel_reservation(order_id=new_id(), reason="none") is None


def test_more_units_than_four_bytes_count_lie_at_several_places() -> None:
    each = 2 * 10**9
    sku = stocked(each, at="main")
    stocked(each, at="north", sku_id=sku)
    held = services.reserve_stock(order_of({sku: 3}))
    services.release_reservation(order_id=held.order_id, reason="not wanted")
    lapsed = services.reserve_stock(order_of({sku: 3}))
    Reservation.objects.filter(id=lapsed.id).update(expires_at=clock.now() - timedelta(hours=1))
    assert services.availability(sku_ids=[sku])[sku].available == 2 * each
    assert services.sku_stock(sku_id=sku).total.available == 2 * each
    assert services.expire_reservations(now=clock.now()) == 1
    assert services.audit_stock().clean


def test_a_hot_sku_has_more_units_than_four_bytes_count() -> None:
    each = 2 * 10**9
    sku = stocked(each, at="main")
    stocked(each, at="north", sku_id=sku)
    services.set_counting(sku_id=sku, counting="striped")
    assert services.availability(sku_ids=[sku])[sku].available == 2 * each
    services.adjust_stock(AdjustStock(sku_id=sku, delta=-1, reason="x"))
    assert services.availability(sku_ids=[sku])[sku].available == 2 * each - 1
