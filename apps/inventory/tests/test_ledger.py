"""The stock ledger: append-only, gapless, and always what on-hand is the sum of."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from apps.inventory import services
from apps.inventory.errors import (
    EmptyStockChange,
    InsufficientStock,
    LevelChanged,
    NotAllocated,
    ReservationClosed,
    UnknownLocation,
    WrongDirection,
)
from apps.inventory.models import Location, StockLevel, StockMovement
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import (
    AdjustStock,
    CountStock,
    OpeningStock,
    StockLine,
    TransferStock,
)
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def history(sku_id: Any) -> list[tuple[str, int, int, int]]:
    rows = StockMovement.objects.filter(sku_id=sku_id).order_by("location__code", "version")
    return list(rows.values_list("kind", "delta", "on_hand_after", "version"))


def test_every_change_is_an_entry_with_the_balance_after_it() -> None:
    mug = stocked(5)
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="broken", kind="damage"))
    change = services.adjust_stock(AdjustStock(sku_id=mug, delta=4, reason="found"))

    assert history(mug) == [("receipt", 5, 5, 1), ("damage", -2, 3, 2), ("adjustment", 4, 7, 3)]
    assert (change.on_hand, change.version, change.available) == (7, 3, 7)
    assert services.audit_stock().clean


def test_a_repeated_key_changes_nothing_and_returns_the_first_change() -> None:
    mug = stocked(5)
    command = AdjustStock(sku_id=mug, delta=-2, reason="broken", idempotency_key="k")
    first = services.adjust_stock(command)
    second = services.adjust_stock(command)
    assert second == replace(first, replayed=True)
    assert counts(mug) == (3, 0, 0)


def test_what_is_promised_cannot_be_taken_away() -> None:
    mug = stocked(5)
    services.reserve_stock(order_of({mug: 4}))
    with pytest.raises(InsufficientStock) as refusal, transaction.atomic():
        services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="broken"))
    assert refusal.value.facts["available"] == 1
    assert counts(mug) == (5, 4, 0)


def test_a_level_that_others_changed_is_not_changed_blindly() -> None:
    mug = stocked(5)
    command = AdjustStock(sku_id=mug, delta=1, reason="found", expected_version=1)
    services.adjust_stock(command)
    with pytest.raises(LevelChanged), transaction.atomic():
        services.adjust_stock(command)


@pytest.mark.parametrize("delta", [0])
def test_a_change_of_nothing_is_refused(delta: int) -> None:
    with pytest.raises(EmptyStockChange), transaction.atomic():
        services.adjust_stock(AdjustStock(sku_id=stocked(1), delta=delta, reason=""))


WRONG_WAYS = [
    ("receipt", -3),
    ("return", -1),
    ("opening", -1),
    ("transfer_in", -1),
    ("damage", 1),
    ("shipment", 1),
    ("transfer_out", 1),
]


@pytest.mark.parametrize(("kind", "delta"), WRONG_WAYS)
def test_a_movement_goes_the_way_of_its_kind(kind: str, delta: int) -> None:
    mug = stocked(5)
    command = AdjustStock(sku_id=mug, delta=delta, reason="oops", kind=kind)

    with pytest.raises(WrongDirection) as refusal, transaction.atomic():
        services.adjust_stock(command)
    (bulk,) = services.bulk_adjust([command])

    assert [fault.pointer for fault in refusal.value.faults] == ["/delta"]
    assert (bulk.status, bulk.code) == ("refused", "inventory/wrong-direction")
    assert counts(mug) == (5, 0, 0)


@pytest.mark.parametrize(("kind", "delta"), WRONG_WAYS)
def test_the_ledger_takes_no_movement_the_wrong_way(kind: str, delta: int) -> None:
    stocked(5)
    entry = StockMovement.objects.get()

    with pytest.raises(IntegrityError, match="goes_its_way"), transaction.atomic():
        StockMovement.objects.create(
            sku_id=entry.sku_id,
            location=entry.location,
            kind=kind,
            delta=delta,
            on_hand_after=5,
            version=2,
        )


@pytest.mark.parametrize("kind", ["adjustment", "count"])
def test_a_correction_goes_either_way(kind: str) -> None:
    mug = stocked(5)
    for delta in (2, -3):
        services.adjust_stock(AdjustStock(sku_id=mug, delta=delta, reason="counted", kind=kind))
    assert counts(mug) == (4, 0, 0)


def test_what_is_moved_stays_its_sellers() -> None:
    mug = new_id()
    location()
    location("north")
    services.receive_stock(sku_id=mug, quantity=5, seller="acme")

    services.transfer_stock(
        TransferStock(sku_id=mug, quantity=2, source="main", destination="north")
    )

    sellers = StockLevel.objects.filter(sku_id=mug).values_list("location__code", "seller")
    assert set(sellers) == {("main", "acme"), ("north", "acme")}


def test_an_unknown_location_is_refused() -> None:
    with pytest.raises(UnknownLocation), transaction.atomic():
        services.adjust_stock(AdjustStock(sku_id=new_id(), delta=1, reason="", location="mars"))


def test_a_transfer_moves_all_or_nothing_once() -> None:
    mug = stocked(5)
    location("north")
    command = TransferStock(
        sku_id=mug, quantity=3, source="main", destination="north", idempotency_key="t"
    )
    for _ in range(2):
        left, arrived = services.transfer_stock(command)
        assert (left.on_hand, arrived.on_hand) == (2, 3)
    with pytest.raises(InsufficientStock), transaction.atomic():
        services.transfer_stock(replace(command, idempotency_key=None))
    assert counts(mug) == (5, 0, 0)
    assert services.audit_stock().clean


def test_a_bulk_adjustment_answers_per_item() -> None:
    mug, tea = stocked(5), stocked(1)
    items = [
        AdjustStock(sku_id=mug, delta=-1, reason="a"),
        AdjustStock(sku_id=tea, delta=-2, reason="b"),
        AdjustStock(sku_id=mug, delta=-4, reason="c"),
        AdjustStock(sku_id=mug, delta=-1, reason="d"),
        AdjustStock(sku_id=mug, delta=7, reason="e", location="mars"),
    ]
    results = services.bulk_adjust(items)
    assert [(r.index, r.status, r.code) for r in results] == [
        (0, "applied", ""),
        (1, "refused", "inventory/insufficient-stock"),
        (2, "applied", ""),
        (3, "refused", "inventory/insufficient-stock"),
        (4, "refused", "inventory/unknown-location"),
    ]
    assert (counts(mug), counts(tea)) == ((0, 0, 0), (1, 0, 0))


def test_a_hundred_adjustments_take_few_statements(django_assert_max_num_queries: Any) -> None:
    location()
    items = [AdjustStock(sku_id=new_id(), delta=1, reason="new") for _ in range(100)]
    with django_assert_max_num_queries(8):
        services.bulk_adjust(items)


def test_what_is_shipped_leaves_on_hand_once() -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 3}))
    lines = [StockLine(sku_id=mug, quantity=2)]
    with pytest.raises(ReservationClosed), transaction.atomic():
        services.ship_stock(order_id=held.order_id, lines=lines, reference="f1")
    services.confirm_reservation(order_id=held.order_id, now=clock.now())

    for _ in range(2):
        shipped = services.ship_stock(order_id=held.order_id, lines=lines, reference="f1")
        assert (shipped.status, shipped.lines[0].shipped) == ("CONFIRMED", 2)
    assert counts(mug) == (3, 0, 1)

    with pytest.raises(NotAllocated), transaction.atomic():
        services.ship_stock(order_id=held.order_id, lines=lines, reference="f2")
    rest = [StockLine(sku_id=mug, quantity=1)]
    assert services.ship_stock(order_id=held.order_id, lines=rest, reference="f3").status == (
        "SHIPPED"
    )
    assert counts(mug) == (2, 0, 0)
    assert services.audit_stock().clean
    with pytest.raises(ReservationClosed), transaction.atomic():
        services.cancel_reservation(order_id=held.order_id, reason="too late")


def test_cancelling_after_a_part_was_shipped_gives_back_the_rest() -> None:
    mug = stocked(5)
    held = services.reserve_stock(order_of({mug: 3}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    services.ship_stock(order_id=held.order_id, lines=[StockLine(sku_id=mug, quantity=1)])
    services.cancel_reservation(order_id=held.order_id, reason="lost interest")
    assert counts(mug) == (4, 0, 0)
    assert services.audit_stock().clean


def test_a_count_becomes_the_difference() -> None:
    mug, tea, jam = stocked(5), new_id(), stocked(2)
    services.reserve_stock(order_of({mug: 2}))
    moved = services.count_stock(
        [
            CountStock(sku_id=mug, on_hand=0, idempotency_key="i:mug"),
            CountStock(sku_id=tea, on_hand=7, idempotency_key="i:tea"),
            CountStock(sku_id=jam, on_hand=2, idempotency_key="i:jam"),
        ]
    )
    assert moved == 2
    assert (counts(mug), counts(tea), counts(jam)) == ((2, 2, 0), (7, 0, 0), (2, 0, 0))
    assert history(tea) == [("opening", 7, 7, 1)]
    assert services.audit_stock().clean


def test_counting_again_moves_nothing(django_assert_max_num_queries: Any) -> None:
    location()
    again = [CountStock(sku_id=new_id(), on_hand=3, idempotency_key=f"i:{n}") for n in range(50)]
    with django_assert_max_num_queries(8):
        assert services.count_stock(again) == 50
    assert services.count_stock(again) == 0


def test_a_loaded_level_has_its_opening_entry() -> None:
    location()
    rows = [OpeningStock(sku_id=new_id(), on_hand=units) for units in (3, 0)]
    assert services.load_stock(rows) == 2
    assert services.load_stock(rows) == 0
    assert history(rows[0].sku_id) == [("opening", 3, 3, 1)]
    assert services.audit_stock().clean
    with pytest.raises(UnknownLocation), transaction.atomic():
        services.load_stock([OpeningStock(sku_id=new_id(), on_hand=1, location="mars")])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_stockmovement SET delta = 1",
        "DELETE FROM inventory_stockmovement",
    ],
)
def test_the_ledger_cannot_be_rewritten(sql: str) -> None:
    stocked(5)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def commit_on_hand(sku_id: Any, on_hand: int) -> None:
    StockLevel.objects.filter(sku_id=sku_id).update(on_hand=on_hand)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_on_hand_cannot_change_without_an_entry() -> None:
    mug = stocked(5)
    with pytest.raises(IntegrityError, match="without a ledger entry"), transaction.atomic():
        commit_on_hand(mug, 6)
    assert counts(mug) == (5, 0, 0)


@pytest.mark.parametrize(
    "columns",
    [{"on_hand": -1}, {"reserved": -1}, {"allocated": -1}, {"reserved": 3, "allocated": 3}],
)
def test_the_database_refuses_impossible_levels(columns: dict[str, int]) -> None:
    mug = stocked(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(sku_id=mug).update(**columns)


def test_the_audit_finds_what_does_not_add_up() -> None:
    mug = stocked(5)
    StockLevel.objects.filter(sku_id=mug).update(reserved=1, allocated=2)
    audit = services.audit_stock()
    assert not audit.clean
    assert audit.off["reserved"] == {f"{mug}@main": (1, 0)}
    assert audit.off["allocated"] == {f"{mug}@main": (2, 0)}
    with pytest.raises(CommandError):
        call_command("audit_stock")
    StockLevel.objects.filter(sku_id=mug).update(reserved=0, allocated=0)
    call_command("audit_stock")


def test_what_can_be_sold_is_told_when_it_changes() -> None:
    mug = stocked(2)
    first = services.reserve_stock(order_of({mug: 2}))
    services.cancel_reservation(order_id=first.order_id, reason="no")
    told = [
        (event.event_type.split(".", 2)[2], event.payload.get("available"))
        for event in published()
        if event.partition_key == str(mug)
    ]
    assert told == [
        ("movement.recorded.v1", None),
        ("onhand.updated.v1", None),
        ("available.updated.v1", 2),
        ("stock.replenished.v1", 2),
        ("available.updated.v1", 0),
        ("stock.depleted.v1", None),
        ("available.updated.v1", 2),
        ("stock.replenished.v1", 2),
    ]


def test_a_location_is_summed_up() -> None:
    mug = stocked(5)
    services.reserve_stock(order_of({mug: 2}))
    summary = services.location_summary(location_id=Location.objects.get(code="main").id)
    assert (summary.sku_count, summary.on_hand, summary.reserved, summary.available) == (1, 5, 2, 3)


def test_ensuring_a_location_makes_it_once() -> None:
    first = services.ensure_location(code="store-1", kind="store", country="FR")
    assert services.ensure_location(code="store-1") == first
    assert Location.objects.get(code="store-1").kind == "store"


def test_more_than_a_level_can_count_is_refused_by_itself() -> None:
    mug, tea = stocked(1_000_000_000), stocked(1)
    more = AdjustStock(sku_id=mug, delta=1_000_000_000, reason="typed wrong")
    items = services.bulk_adjust([more, more, replace(more, sku_id=tea, delta=1)])
    assert [item.status for item in items] == ["applied", "refused", "applied"]
    assert (counts(mug)[0], counts(tea)[0]) == (2_000_000_000, 2)
