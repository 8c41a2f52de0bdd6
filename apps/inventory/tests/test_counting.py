"""Going through the shelves: what is due, what was found, what becomes of the difference."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory import services
from apps.inventory.domain.counting import is_large
from apps.inventory.errors import (
    CountClosed,
    CountedElsewhere,
    CountUndecided,
    NothingToCount,
    OutOfStock,
    SerialRequired,
    UncountedSku,
)
from apps.inventory.models import CountLine, StockHold, StockLevel, StockMovement
from apps.inventory.queries import counting
from apps.inventory.services._hold_from_sale import hold_all
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import (
    Count,
    IncomingChange,
    OpeningStock,
    ShelfCount,
    StartCount,
    StockLine,
    Tracking,
)
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return clock.now()


def begun(*skus: UUID, **fields: Any) -> Count:
    command = StartCount(location="main", scope="chosen", sku_ids=skus, actor="ada", **fields)
    return services.start_count(command, now=now())


def shelf(count: Count, found: dict[UUID, int]) -> Count:
    noted = [ShelfCount(sku_id=sku, counted=units) for sku, units in found.items()]
    return services.note_counts(count_id=count.id, counts=noted, actor="bob", now=now())


def reviewed(count: Count, **fields: Any) -> Count:
    return services.review_count(count_id=count.id, now=now(), **fields)


def decided(count: Count, decision: Any, *skus: UUID) -> Count:
    decisions = dict.fromkeys(skus, decision)
    return services.decide_count(count_id=count.id, decisions=decisions, actor="eve", now=now())


def applied(count: Count) -> Any:
    return services.apply_count(count_id=count.id, actor="eve", now=now())


def available(sku: UUID) -> int:
    return services.availability(sku_ids=[sku])[sku].available


def test_a_variance_is_booked_once_it_is_accepted() -> None:
    mug, tea = stocked(10), stocked(5)
    count = shelf(begun(mug, tea), {mug: 8, tea: 5})
    count = reviewed(count)
    assert (count.status, count.with_variance, count.undecided) == ("REVIEW", 1, 1)
    assert (count.units_missing, count.units_found) == (2, 0)
    with pytest.raises(CountUndecided):
        applied(count)

    outcome = applied(decided(count, "accepted", mug))

    assert (outcome.booked, outcome.refused, outcome.count.status) == (1, 0, "APPLIED")
    assert (counts(mug)[0], counts(tea)[0]) == (8, 5)
    entry = StockMovement.objects.get(sku_id=mug, kind="count")
    assert (entry.delta, entry.reason, entry.actor) == (-2, "counted 8, expected 10", "eve")
    names = [one.event_type.removeprefix("ecommerce.inventory.") for one in published()]
    told = [name for name in names if name.startswith("reconciliation")]
    assert told == [
        "reconciliation.variance.v1",
        "reconciliation.report_ready.v1",
        "reconciliation.applied.v1",
    ]
    assert services.audit_stock().clean


def test_what_is_sold_between_counting_and_booking_stays_sold() -> None:
    mug = stocked(10)
    count = decided(reviewed(shelf(begun(mug), {mug: 9})), "accepted", mug)
    order = order_of({mug: 4})
    services.allocate_stock(order, now=now())
    services.ship_stock(order_id=order.order_id, lines=[StockLine(sku_id=mug, quantity=4)])

    applied(count)

    assert counts(mug) == (5, 0, 0)


def test_applying_twice_books_once() -> None:
    mug = stocked(10)
    count = decided(reviewed(shelf(begun(mug), {mug: 12})), "accepted", mug)
    applied(count)
    with pytest.raises(CountClosed):
        applied(count)
    assert counts(mug)[0] == 12


def test_small_variances_are_accepted_and_large_ones_held_from_sale() -> None:
    small, large, none = stocked(100), stocked(100), stocked(0)
    location()
    count = begun(small, large, none, hold_units=20, hold_percent=50)
    count = reviewed(shelf(count, {small: 99, large: 70, none: 1}))

    assert (count.with_variance, count.undecided, count.held) == (3, 2, 2)
    assert (available(small), available(large)) == (100, 0)
    with pytest.raises(OutOfStock), transaction.atomic():
        services.reserve_stock(order_of({large: 1}))

    outcome = applied(decided(count, "accepted", large, none))

    assert outcome.booked == 3
    assert (available(small), available(large), available(none)) == (99, 70, 1)
    assert not StockHold.objects.filter(lifted_at=None).exists()


def test_a_hold_keeps_what_was_promised_before() -> None:
    mug = stocked(10)
    order = order_of({mug: 3})
    services.reserve_stock(order)
    services.hold_from_sale(sku_id=mug, location="main", reason="looks odd", actor="ada")
    services.hold_from_sale(sku_id=mug, location="main", reason="again", actor="bob")

    services.confirm_reservation(order_id=order.order_id, now=now())
    services.ship_stock(order_id=order.order_id, lines=[StockLine(sku_id=mug, quantity=3)])
    assert (available(mug), counts(mug)) == (0, (7, 0, 0))
    services.let_be_sold(sku_id=mug, location="main", actor="ada", now=now())

    assert available(mug) == 7
    assert StockHold.objects.get().reason == "looks odd"


def test_a_rejected_count_leaves_the_ledger_and_lifts_the_hold() -> None:
    mug = stocked(10)
    count = reviewed(shelf(begun(mug, hold_units=1), {mug: 2}))
    assert available(mug) == 0

    outcome = applied(decided(count, "rejected", mug))

    assert (outcome.booked, outcome.count.status) == (0, "APPLIED")
    assert (available(mug), counts(mug)[0]) == (10, 10)


def test_a_recount_takes_the_decision_back() -> None:
    mug = stocked(10)
    count = decided(reviewed(shelf(begun(mug), {mug: 2})), "recount", mug)
    with pytest.raises(CountUndecided):
        applied(count)
    count = shelf(count, {mug: 9})
    assert count.undecided == 1

    applied(decided(count, "accepted", mug))

    assert counts(mug)[0] == 9


def test_what_orders_were_promised_is_not_counted_away() -> None:
    mug = stocked(10)
    count = decided(reviewed(shelf(begun(mug, hold_units=1), {mug: 2})), "accepted", mug)
    order = order_of({mug: 1})
    StockLevel.objects.filter(sku_id=mug).update(held=False)
    services.reserve_stock(order_of({mug: 5}))
    services.reserve_stock(order)

    outcome = applied(count)

    assert (outcome.booked, outcome.refused, outcome.count.status) == (0, 1, "REVIEW")
    assert "6 promised" in CountLine.objects.get().refusal
    assert StockHold.objects.filter(lifted_at=None).exists()

    services.cancel_reservation(order_id=order.order_id, reason="")
    assert counts(mug) == (10, 5, 0)
    count = shelf(outcome.count, {mug: 6})
    outcome = applied(decided(count, "accepted", mug))
    assert (outcome.booked, outcome.count.status, counts(mug)) == (1, "APPLIED", (6, 5, 0))


def test_a_sku_is_in_one_open_count_at_a_time() -> None:
    mug, tea = stocked(10), stocked(10)
    first = begun(mug)
    with pytest.raises(NothingToCount):
        begun(mug)
    second = begun(mug, tea)
    assert second.lines == 1
    with pytest.raises(CountedElsewhere), transaction.atomic():
        shelf(second, {mug: 1})

    services.cancel_count(count_id=first.id, actor="ada", now=now())

    assert shelf(second, {mug: 1}).lines == 2
    with pytest.raises(CountClosed):
        shelf(first, {mug: 1})


def test_what_nobody_counted_stays_or_is_none_as_asked() -> None:
    mug, tea = stocked(10), stocked(4)
    count = reviewed(shelf(begun(mug, tea), {mug: 10}))
    assert (count.counted, count.with_variance) == (1, 0)
    applied(count)
    assert counts(tea)[0] == 4

    count = reviewed(shelf(begun(mug, tea), {mug: 10}), missing_is_none=True)
    assert (count.counted, count.units_missing) == (2, 4)


def test_nothing_is_reviewed_that_nobody_counted() -> None:
    mug = stocked(1)
    count = begun(mug)
    with pytest.raises(NothingToCount):
        reviewed(count)
    reviewed(shelf(count, {mug: 1}))
    with pytest.raises(UncountedSku):
        decided(count, "accepted", new_id())


def test_a_full_count_lists_what_lies_there_and_only_there() -> None:
    mug, _elsewhere = stocked(3), stocked(3, at="north")
    count = services.start_count(StartCount(location="main", scope="full"), now=now())
    assert [line.sku_id for line in counting.lines(count_id=count.id, varying=False)] == [mug]


def sell(sku: UUID, units: int) -> None:
    order = order_of({sku: units})
    services.allocate_stock(order, now=now())
    services.ship_stock(order_id=order.order_id, lines=[StockLine(sku_id=sku, quantity=units)])


def test_what_sells_most_is_counted_most_often() -> None:
    fast, middle, slow = stocked(100), stocked(100), stocked(100)
    for sku, units in ((fast, 80), (middle, 15), (slow, 5)):
        sell(sku, units)
    assert services.abc_classes(location="main", now=now()) == {fast: "A", middle: "B", slow: "C"}

    def due(after: timedelta, **fields: Any) -> set[UUID]:
        command = StartCount(location="main", scope="cyclic", **fields)
        count = services.start_count(command, now=now() + after)
        skus = {line.sku_id for line in counting.lines(count_id=count.id, varying=False)}
        services.note_counts(
            count_id=count.id,
            counts=[ShelfCount(sku_id=sku, counted=counts(sku)[0]) for sku in skus],
            actor="bob",
            now=now() + after,
        )
        services.review_count(count_id=count.id, now=now() + after)
        services.apply_count(count_id=count.id, actor="bob", now=now() + after)
        return skus

    assert due(timedelta(0), limit=1) == {fast}
    assert due(timedelta(0)) == {middle, slow}
    assert due(timedelta(days=31)) == {fast}
    assert due(timedelta(days=91), abc_class="B") == {middle}
    with pytest.raises(NothingToCount):
        due(timedelta(days=92), abc_class="C")


@given(
    expected=st.integers(0, 1000),
    counted=st.integers(0, 1000),
    units=st.none() | st.integers(1, 100),
    percent=st.none() | st.integers(1, 200),
)
def test_thresholds(expected: int, counted: int, units: int | None, percent: int | None) -> None:
    off = counted - expected
    large = is_large(off, expected, hold_units=units, hold_percent=percent)
    by_units = units is not None and abs(off) >= units
    by_percent = (
        percent is not None and off != 0 and abs(off) / max(expected, 1e-9) * 100 >= percent - 1e-9
    )
    assert large == (by_units or by_percent)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stock=st.lists(st.integers(0, 20), min_size=1, max_size=6),
    found=st.lists(st.integers(0, 20), min_size=6, max_size=6),
    sold=st.lists(st.integers(0, 5), min_size=6, max_size=6),
)
def test_booking_moves_each_level_by_its_variance_or_not_at_all(
    stock: list[int], found: list[int], sold: list[int]
) -> None:
    with transaction.atomic():
        location()
        skus = [stocked(units) for units in stock]
        count = reviewed(shelf(begun(*skus), dict(zip(skus, found, strict=False))))
        promised = {}
        for sku, units in zip(skus, sold, strict=False):
            if units and units <= counts(sku)[0]:
                services.reserve_stock(order_of({sku: units}))
                promised[sku] = units
        varying = [line.sku_id for line in counting.lines(count_id=count.id, varying=True)]
        if varying:
            count = decided(count, "accepted", *varying)
        applied(count)
        for sku, before, shelf_units in zip(skus, stock, found, strict=False):
            fits = shelf_units >= promised.get(sku, 0)
            assert counts(sku)[0] == (shelf_units if fits else before)
        assert services.audit_stock().clean
        transaction.set_rollback(True)


def test_what_somebody_held_before_the_count_stays_held_after_it() -> None:
    mug, tea = stocked(10), stocked(10)
    services.hold_from_sale(sku_id=mug, location="main", reason="recall", actor="ann")
    count = reviewed(shelf(begun(mug, tea, hold_units=1), {mug: 5, tea: 5}))
    decided(count, "rejected", mug, tea)
    held = dict(StockLevel.objects.values_list("sku_id", "held"))
    assert held == {mug: True, tea: False}
    assert services.audit_stock().clean


@pytest.mark.parametrize("how", ["received", "expected", "loaded"])
def test_what_is_held_before_the_first_unit_came_is_held_then(how: str) -> None:
    location()
    mug = new_id()
    services.hold_from_sale(sku_id=mug, location="main", reason="recall", actor="ann")
    if how == "received":
        services.receive_stock(sku_id=mug, quantity=5)
    elif how == "expected":
        services.expect_stock([IncomingChange(sku_id=mug, delta=5, reference="ship")])
    else:
        services.load_stock([OpeningStock(sku_id=mug, on_hand=5)])
    assert StockLevel.objects.get(sku_id=mug).held
    assert available(mug) == 0
    assert services.audit_stock().clean


def test_what_is_counted_anew_and_found_right_can_be_sold() -> None:
    mug = stocked(10)
    count = reviewed(shelf(begun(mug, hold_units=1), {mug: 2}))
    assert available(mug) == 0

    assert applied(shelf(count, {mug: 10})).count.held == 0

    assert available(mug) == 10
    assert not StockHold.objects.filter(lifted_at=None).exists()


def test_a_count_ends_what_a_short_pick_held_and_not_what_a_person_held() -> None:
    mug, tea = stocked(10), stocked(5)
    place = location()
    hold_all([(mug, place.id)], ["1 were not found"], reference="pick", actor="ada")
    services.hold_from_sale(sku_id=tea, location="main", reason="looks odd", actor="ada")

    applied(reviewed(shelf(begun(mug, tea), {mug: 10, tea: 5})))

    assert (available(mug), available(tea)) == (10, 0)


def test_units_of_which_nobody_knows_the_numbers_are_refused_and_the_rest_is_booked() -> None:
    mug, phone = stocked(10), stocked(0)
    count = shelf(begun(mug, phone), {mug: 9, phone: 2})
    services.track_sku(Tracking(sku_id=phone, serials=True))
    with pytest.raises(SerialRequired), transaction.atomic():
        shelf(count, {phone: 2})
    count = decided(reviewed(count), "accepted", mug, phone)

    done = applied(count)

    assert (done.booked, done.refused, done.count.status) == (1, 1, "REVIEW")
    assert counts(mug) == (9, 0, 0)
    assert "told apart" in CountLine.objects.get(sku_id=phone).refusal
