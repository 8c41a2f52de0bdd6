"""Shelves whose units are told apart are counted lot by lot and number by number."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory import services
from apps.inventory.errors import CountedOtherwise, LotRequired, LotShort, SerialRequired
from apps.inventory.models import CountLine, CountUnits, MovementLot, StockHold, StockMovement
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.tests.test_counting import applied, available, begun, decided, reviewed
from apps.inventory.tests.test_lots import (
    GONE,
    LATER,
    SOON,
    left,
    lot,
    milk,
    numbers_at,
    phone,
    ship,
)
from apps.inventory.types import Count, FoundUnits, ShelfCount, Tracking, TransferStock
from ecommerce import clock
from ecommerce.events.testing import published

pytestmark = pytest.mark.django_db

Lots = dict[str, int | tuple[int, date | None]]


def noted(count: Count, sku: UUID, *found: FoundUnits, counted: int | None = None) -> Count:
    units = sum(one.quantity for one in found) if counted is None else counted
    shelf = ShelfCount(sku_id=sku, counted=units, found=found)
    return services.note_counts(count_id=count.id, counts=[shelf], actor="bob", now=clock.now())


def of_lots(lots: Lots) -> list[FoundUnits]:
    found = {code: one if isinstance(one, tuple) else (one, None) for code, one in lots.items()}
    return [
        FoundUnits(lot=code, quantity=units, expires_on=day) for code, (units, day) in found.items()
    ]


def scanned(*numbers: str, of: str = "") -> list[FoundUnits]:
    return [FoundUnits(serial=number, lot=of) for number in numbers]


def report(count: Count) -> dict[str, tuple[int, int]]:
    """Expected and counted of each lot or number that differs."""
    rows = CountUnits.objects.filter(line__session_id=count.id).exclude(variance=0)
    return {row.serial or row.lot: (row.expected, row.counted) for row in rows}


def booked(count: Count, *skus: UUID) -> Any:
    outcome = applied(decided(reviewed(count), "accepted", *skus))
    assert services.audit_stock().clean
    return outcome


def test_differences_are_booked_lot_by_lot() -> None:
    sku = milk(lot("a", 5, SOON), lot("b", 5, LATER))
    count = noted(begun(sku), sku, *of_lots({"a": 3, "b": 6, "new": (4, GONE)}))
    count = reviewed(count)
    assert (count.units_missing, count.units_found, count.undecided) == (2, 5, 1)
    assert report(count) == {"a": (5, 3), "b": (5, 6), "new": (0, 4)}

    outcome = applied(decided(count, "accepted", sku))

    assert (outcome.booked, outcome.count.status) == (1, "APPLIED")
    assert left(sku) == {"a": 3, "b": 6, "new": 4}
    (new,) = [one for one in services.sku_lots(sku_id=sku) if one.code == "new"]
    assert new.expires_on == GONE
    entries = StockMovement.objects.filter(kind="count").order_by("version")
    assert [entry.delta for entry in entries] == [5, -2]
    assert {entry.reason for entry in entries} == {
        "counted 13, expected 10, 2 others than the ledger says"
    }
    assert {(one.lot.code, one.delta) for one in MovementLot.objects.filter(kind="count")} == {
        ("a", -2), ("b", 1), ("new", 4),
    }  # fmt: skip
    rows = CountUnits.objects.exclude(variance=0)
    assert {row.movement_id for row in rows} == {entry.id for entry in entries}
    assert services.audit_stock().clean


def test_an_exchange_of_lots_is_a_difference_though_the_number_is_right() -> None:
    sku = milk(lot("a", 5, SOON), lot("b", 5, LATER))
    services.reserve_stock(order_of({sku: 10}))
    count = reviewed(noted(begun(sku, hold_units=4), sku, *of_lots({"a": 3, "b": 7})))
    assert (count.with_variance, count.undecided, count.held) == (1, 1, 1)
    (fact,) = published("ecommerce.inventory.reconciliation.variance.v1")
    assert (fact.payload["variance"], fact.payload["swapped"]) == (0, 2)

    assert applied(decided(count, "accepted", sku)).booked == 1

    assert (left(sku), counts(sku)) == ({"a": 3, "b": 7}, (10, 10, 0))
    assert not StockHold.objects.filter(lifted_at=None).exists()


def test_small_differences_of_lots_are_accepted_unseen() -> None:
    sku = milk(lot("a", 50, SOON), lot("b", 50, LATER))
    count = reviewed(noted(begun(sku, hold_percent=5), sku, *of_lots({"a": 48, "b": 52})))
    assert (count.undecided, count.held, available(sku)) == (0, 0, 100)
    assert applied(count).booked == 1
    assert left(sku) == {"a": 48, "b": 52}


def test_what_is_not_named_is_missing() -> None:
    sku = milk(lot("a", 5, SOON), lot("b", 5, LATER))
    other = milk(lot("c", 2))
    count = noted(noted(begun(sku, other), sku, *of_lots({"b": 5})), other, counted=0)
    assert report(count) == {"a": (5, 0), "c": (2, 0)}
    assert booked(count, sku, other).booked == 2
    assert (left(sku), left(other)) == ({"b": 5}, {})


def test_what_nobody_counted_counts_as_none_by_lot_too() -> None:
    sku, mug, tea = milk(lot("a", 5)), phone("1", "2"), stocked(1)
    count = begun(sku, mug, tea)
    noted(count, tea, counted=1)
    count = reviewed(count, missing_is_none=True)
    assert report(count) == {"a": (5, 0), "1": (1, 0), "2": (1, 0)}
    assert applied(decided(count, "accepted", sku, mug)).booked == 2
    assert (left(sku), numbers_at(mug)) == ({}, set())


def test_a_missing_number_is_a_difference_and_one_that_turns_up_likewise() -> None:
    sku = phone("1", "2", "3")
    count = noted(begun(sku), sku, *scanned("1", "3", "9"))
    assert report(count) == {"2": (1, 0), "9": (0, 1)}
    assert booked(count, sku).booked == 1
    assert numbers_at(sku) == {"1", "3", "9"}
    assert counts(sku)[0] == 3

    count = noted(begun(sku), sku, *scanned("1", "2", "3"))
    booked(count, sku)
    assert numbers_at(sku) == {"1", "2", "3"}


def test_a_number_with_a_lot_comes_back_into_its_own() -> None:
    sku = phone("1", "2", lots=(lot("a", 2, SOON),))
    services.receive_stock(sku_id=sku, quantity=1, lots=(lot("b", 1, LATER),), serials=("3",))
    count = noted(begun(sku), sku, *scanned("2"))
    booked(count, sku)
    assert left(sku) == {"a": 1}

    with pytest.raises(LotRequired, match="which lot 9"), transaction.atomic():
        noted(begun(sku), sku, *scanned("1", "2", "3", "9"))
    count = noted(begun(sku), sku, *scanned("1", "2", "3"), *scanned("9", of="c"))
    assert booked(count, sku).booked == 1

    assert left(sku) == {"a": 2, "b": 1, "c": 1}
    assert numbers_at(sku) == {"1", "2", "3", "9"}


@pytest.mark.parametrize(
    ("found", "counted", "error"),
    [
        ([], 3, LotRequired),
        (of_lots({"a": 2}), 3, LotRequired),
        ([FoundUnits(quantity=3)], 3, LotRequired),
        ([*of_lots({"a": (1, SOON)}), *of_lots({"a": (2, LATER)})], 3, LotRequired),
        (of_lots({"a": (3, LATER)}), 3, LotShort),
        (scanned("1", "2", "3"), 3, CountedOtherwise),
    ],
)
def test_a_count_without_its_lots_is_refused(found: Any, counted: int, error: Any) -> None:
    sku = milk(lot("a", 3, SOON))
    count = begun(sku)
    with pytest.raises(error), transaction.atomic():
        noted(count, sku, *found, counted=counted)
    assert services.get_count(count_id=count.id).counted == 0


@pytest.mark.parametrize(
    ("found", "counted", "error"),
    [
        ([], 1, SerialRequired),
        (scanned("1", "1"), 2, SerialRequired),
        ([FoundUnits(serial="1", quantity=2)], 1, SerialRequired),
        (scanned("1", of="a"), 1, CountedOtherwise),
    ],
)
def test_a_count_without_its_numbers_is_refused(found: Any, counted: int, error: Any) -> None:
    sku = phone("1", "2")
    with pytest.raises(error), transaction.atomic():
        noted(begun(sku), sku, *found, counted=counted)
    with pytest.raises(CountedOtherwise):
        noted(begun(stocked(1)), stocked(1), *scanned("1"))


def test_what_is_sold_between_counting_and_booking_stays_sold_of_its_lot() -> None:
    sku = milk(lot("a", 5, SOON), lot("b", 5, LATER))
    count = noted(begun(sku), sku, *of_lots({"a": 4, "b": 5}))
    ship(sku, 3)
    assert booked(count, sku).booked == 1
    assert left(sku) == {"a": 1, "b": 5}


def test_what_cannot_be_booked_any_more_is_refused_with_its_reason_and_whole() -> None:
    sku, mug, tea = milk(lot("a", 3, SOON), lot("b", 3, LATER)), phone("1", "2"), stocked(5)
    other = milk(lot("x", 2))
    count = begun(sku, mug, tea, other)
    noted(count, sku, *of_lots({"a": 2, "b": 4}))
    noted(count, mug, *scanned("1", "9"))
    noted(count, other, counted=0)
    noted(count, tea, counted=4)
    ship(sku, 3)
    location("north")
    services.receive_stock(sku_id=mug, quantity=1, location="north", serials=("9",))
    services.reserve_stock(order_of({other: 1}))

    outcome = applied(decided(reviewed(count), "accepted", sku, mug, tea, other))

    assert (outcome.booked, outcome.refused, outcome.count.status) == (1, 3, "REVIEW")
    why = dict(CountLine.objects.values_list("sku_id", "refusal"))
    assert (why[sku], why[mug], why[tea], why[other]) == (
        "0 of lot a are left",
        "9 is on hand at another location",
        "",
        "-2 does not fit: 2 on hand, 1 promised to orders",
    )
    assert (left(sku), numbers_at(mug)) == ({"b": 3}, {"1", "2"})

    services.transfer_stock(
        TransferStock(sku_id=mug, quantity=1, source="north", destination="main")
    )
    noted(count, sku, *of_lots({"b": 4}))
    noted(count, mug, *scanned("1", "9"))
    noted(count, other, *of_lots({"x": 1}))
    outcome = applied(decided(count, "accepted", sku, mug, other))
    assert (outcome.booked, outcome.count.status) == (3, "APPLIED")
    assert (left(sku), numbers_at(mug), left(other)) == ({"b": 4}, {"1", "9"}, {"x": 1})
    assert services.audit_stock().clean


def test_a_sku_told_apart_since_it_was_counted_is_counted_again() -> None:
    sku = stocked(3)
    count = begun(sku)
    noted(count, sku, counted=2)
    services.track_sku(Tracking(sku_id=sku, lots=True))
    outcome = applied(decided(reviewed(count), "accepted", sku))
    assert (outcome.refused, left(sku)) == (1, {"UNKNOWN": 3})
    noted(count, sku, *of_lots({"b-7": 2}))
    assert applied(decided(count, "accepted", sku)).booked == 1
    assert left(sku) == {"b-7": 2}


SHELF = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), max_size=4)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stock=SHELF, found=SHELF, sold=st.integers(0, 9))
def test_after_booking_each_lot_is_as_it_was_counted_or_none_is_touched(
    stock: dict[str, int], found: dict[str, int], sold: int
) -> None:
    with transaction.atomic():
        sku = milk(*(lot(code, units) for code, units in sorted(stock.items())))
        count = noted(begun(sku), sku, *of_lots(dict(found)))
        before = left(sku)
        if sold and sold <= sum(stock.values()):
            ship(sku, sold)
        standing = left(sku)
        count = reviewed(count)
        if count.undecided:
            count = decided(count, "accepted", sku)
        refused = applied(count).refused
        codes = before.keys() | found.keys()
        wanted = {
            code: standing.get(code, 0) + found.get(code, 0) - before.get(code, 0) for code in codes
        }
        fits = all(units >= 0 for units in wanted.values())
        assert refused == (0 if fits else 1)
        assert left(sku) == ({c: u for c, u in wanted.items() if u} if fits else standing)
        assert services.audit_stock().clean
        transaction.set_rollback(True)
