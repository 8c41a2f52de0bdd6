"""Units that cannot be sold and units on their way: beside on-hand, never part of it."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from apps.inventory import services
from apps.inventory.errors import (
    EmptyStockChange,
    InsufficientStock,
    UnknownLocation,
    WrongDirection,
)
from apps.inventory.models import StockLevel, StockMovement
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import AdjustStock, IncomingChange
from ecommerce.events.testing import published
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def states(sku_id: UUID) -> tuple[int, int, int]:
    """On hand, damaged and incoming at the one location."""
    level = StockLevel.objects.get(sku_id=sku_id)
    return level.on_hand, level.damaged, level.incoming


def test_damage_moves_units_out_of_what_can_be_sold() -> None:
    mug = stocked(5)
    change = services.adjust_stock(
        AdjustStock(sku_id=mug, delta=-2, reason="dropped", kind="damage")
    )
    assert (change.on_hand, change.damaged, change.available) == (3, 2, 3)
    assert states(mug) == (3, 2, 0)
    stock = services.sku_stock(sku_id=mug)
    assert (stock.total.damaged, stock.levels[0].damaged, stock.total.available) == (2, 2, 3)
    assert services.audit_stock().clean


def test_damaged_units_are_scrapped_and_no_more_than_there_are() -> None:
    mug = stocked(5)
    services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="dropped", kind="damage"))
    scrap = AdjustStock(sku_id=mug, delta=0, damaged_delta=-2, reason="binned", kind="scrap")

    services.adjust_stock(scrap)
    with pytest.raises(InsufficientStock), transaction.atomic():
        services.adjust_stock(scrap)

    assert states(mug) == (3, 0, 0)
    entry = StockMovement.objects.get(sku_id=mug, kind="scrap")
    assert (entry.delta, entry.on_hand_after, entry.damaged_delta, entry.damaged_after) == (
        0, 3, -2, 0,
    )  # fmt: skip
    assert services.audit_stock().clean


def test_what_is_promised_is_not_damaged_away() -> None:
    mug = stocked(5)
    services.reserve_stock(order_of({mug: 4}))
    with pytest.raises(InsufficientStock), transaction.atomic():
        services.adjust_stock(AdjustStock(sku_id=mug, delta=-2, reason="dropped", kind="damage"))
    assert states(mug) == (5, 0, 0)


def test_damaged_goods_are_received_as_such() -> None:
    mug = new_id()
    location()
    services.adjust_stock(
        AdjustStock(sku_id=mug, delta=0, damaged_delta=3, reason="wet", kind="return")
    )
    assert states(mug) == (0, 3, 0)
    assert services.availability(sku_ids=[mug])[mug].available == 0


@pytest.mark.parametrize(
    ("kind", "delta", "damaged"),
    [("receipt", 3, -1), ("scrap", 0, 1), ("shipment", -1, 1), ("adjustment", 0, 0)],
)
def test_damaged_units_go_the_way_of_the_kind_too(kind: str, delta: int, damaged: int) -> None:
    command = AdjustStock(
        sku_id=stocked(5), delta=delta, damaged_delta=damaged, reason="x", kind=kind
    )
    with pytest.raises((WrongDirection, EmptyStockChange)), transaction.atomic():
        services.adjust_stock(command)


def test_what_is_damaged_cannot_change_without_an_entry() -> None:
    mug = stocked(5)
    StockLevel.objects.filter(sku_id=mug).update(damaged=1)
    with (
        pytest.raises(IntegrityError, match="without a ledger entry"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_movement_of_damaged_units_alone_is_told_once_as_such() -> None:
    mug = stocked(0)
    services.adjust_stock(
        AdjustStock(sku_id=mug, delta=0, damaged_delta=3, reason="wet", kind="return")
    )
    (told,) = published()
    assert told.event_type == "ecommerce.inventory.movement.recorded.v1"
    assert (told.payload["delta"], told.payload["damagedDelta"], told.payload["newBalance"]) == (
        0, 3, 0,
    )  # fmt: skip


def on_the_way(delta: int, reference: str, **fields: object) -> IncomingChange:
    return IncomingChange(delta=delta, reference=reference, **fields)  # type: ignore[arg-type]


def test_units_on_their_way_are_told_once_each() -> None:
    mug = new_id()
    location()
    sent = [on_the_way(7, "po:1", sku_id=mug), on_the_way(3, "po:2", sku_id=mug)]

    assert services.expect_stock(sent) == 2
    assert services.expect_stock(sent) == 0
    assert states(mug) == (0, 0, 10)
    assert services.availability(sku_ids=[mug])[mug].incoming == 10

    assert services.arrive_stock([on_the_way(7, "po:1:came", sku_id=mug)]) == 1
    assert services.arrive_stock([on_the_way(7, "po:1:came", sku_id=mug)]) == 0
    assert states(mug) == (0, 0, 3)
    assert services.audit_stock().clean


def test_no_more_arrives_than_was_on_its_way() -> None:
    mug = stocked(1)
    services.expect_stock([on_the_way(2, "po:1", sku_id=mug)])
    with pytest.raises(IntegrityError, match="incoming_not_negative"), transaction.atomic():
        services.arrive_stock([on_the_way(3, "po:1:came", sku_id=mug)])
    for wrong in (services.expect_stock, services.arrive_stock):
        with pytest.raises(EmptyStockChange):
            wrong([on_the_way(-1, "x", sku_id=mug)])
    with pytest.raises(UnknownLocation), transaction.atomic():
        services.expect_stock([on_the_way(1, "x", sku_id=mug, location="mars")])
    assert states(mug) == (1, 0, 2)


def test_the_audit_finds_what_is_expected_for_no_reason() -> None:
    mug = stocked(1)
    StockLevel.objects.filter(sku_id=mug).update(incoming=4)
    audit = services.audit_stock()
    assert audit.off["incoming"] == {f"{mug}@main": (4, 0)}
    assert not audit.clean
