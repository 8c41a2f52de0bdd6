"""Lots and serial numbers: they add up to the level, the first to expire leaves first, no expired one is sold."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from apps.catalog import services as catalog
from apps.inventory import services, tasks
from apps.inventory.errors import (
    InsufficientStock,
    LotExpired,
    LotRequired,
    LotShort,
    NotTracked,
    SerialRequired,
    TrackingFixed,
    UnknownLot,
)
from apps.inventory.models import LotBalance, MovementLot, MovementSerial, Serial
from apps.inventory.queries.lots import sent_of
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import (
    AdjustStock,
    ArrivedLine,
    CountStock,
    LotUnits,
    OpeningStock,
    ReceiveTransfer,
    RequestTransfer,
    StockLine,
    Tracking,
    TransferStock,
)
from ecommerce import clock
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db

TODAY = clock.now().date()
SOON, LATER, GONE = (TODAY + timedelta(days=days) for days in (10, 90, -3))


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def lot(code: str, units: int, expires_on: date | None = None) -> LotUnits:
    return LotUnits(code=code, quantity=units, expires_on=expires_on)


def milk(*lots: LotUnits, at: str = "main", sku_id: UUID | None = None) -> UUID:
    """A SKU with lots, these on hand."""
    location(at)
    sku = sku_id or services.track_sku(Tracking(sku_id=new_id(), lots=True)).sku_id
    for one in lots:
        services.receive_stock(sku_id=sku, quantity=one.quantity, location=at, lots=(one,))
    return sku


def phone(
    *numbers: str,
    at: str = "main",
    lots: tuple[LotUnits, ...] = (),
    sku_id: UUID | None = None,
) -> UUID:
    """A SKU with serial numbers, these on hand."""
    location(at)
    tracking = Tracking(sku_id=sku_id or new_id(), serials=True, lots=bool(lots))
    sku = services.track_sku(tracking).sku_id
    services.receive_stock(
        sku_id=sku, quantity=len(numbers), location=at, serials=numbers, lots=lots
    )
    return sku


def left(sku_id: UUID, at: str = "main") -> dict[str, int]:
    settle()
    return {one.code: one.on_hand for one in services.sku_lots(sku_id=sku_id, location=at)}


def numbers_at(sku_id: UUID, at: str = "main") -> set[str]:
    settle()
    found = Serial.objects.filter(sku_id=sku_id, location__code=at)
    return set(found.values_list("number", flat=True))


def ship(sku_id: UUID, units: int) -> UUID:
    held = services.reserve_stock(order_of({sku_id: units}))
    services.confirm_reservation(order_id=held.order_id, now=clock.now())
    lines = [StockLine(sku_id=sku_id, quantity=units)]
    services.ship_stock(order_id=held.order_id, lines=lines)
    return held.order_id


def test_what_expires_first_leaves_first() -> None:
    sku = milk(lot("late", 5, LATER), lot("ever", 5), lot("soon", 5, SOON))
    ship(sku, 7)
    assert left(sku) == {"late": 3, "ever": 5}
    ship(sku, 4)
    assert left(sku) == {"ever": 4}
    assert services.audit_stock().clean


def test_units_that_come_name_lots_that_add_up() -> None:
    sku = milk(lot("a", 2, SOON))
    for lots in ((), (lot("b", 2),), (lot("b", 2), lot("c", 2))):
        with pytest.raises(LotRequired), transaction.atomic():
            services.receive_stock(sku_id=sku, quantity=3, lots=lots)
    services.receive_stock(sku_id=sku, quantity=3, lots=(lot("a", 1), lot("b", 2, LATER)))
    assert left(sku) == {"a": 3, "b": 2}
    with pytest.raises(LotShort), transaction.atomic():
        services.receive_stock(sku_id=sku, quantity=1, lots=(lot("a", 1, LATER),))
    assert left(sku) == {"a": 3, "b": 2}


def test_no_expired_unit_is_shipped_though_it_is_on_hand() -> None:
    sku = milk(lot("gone", 4, GONE), lot("today", 1, TODAY), lot("soon", 2, SOON))
    ship(sku, 2)
    assert left(sku) == {"gone": 4, "soon": 1}
    with pytest.raises(LotExpired) as refusal, transaction.atomic():
        ship(sku, 2)
    assert refusal.value.facts["expired"] == 4
    assert left(sku) == {"gone": 4, "soon": 1}
    assert counts(sku) == (5, 0, 0)


def test_named_lots_are_taken_and_must_be_there() -> None:
    sku = milk(lot("a", 3, SOON), lot("b", 3, LATER))
    scrap = AdjustStock(sku_id=sku, delta=-2, reason="leaks", kind="scrap", lots=(lot("b", 2),))
    services.adjust_stock(scrap)
    assert left(sku) == {"a": 3, "b": 1}
    with pytest.raises(LotShort), transaction.atomic():
        services.adjust_stock(scrap)
    with pytest.raises(LotRequired), transaction.atomic():
        services.adjust_stock(
            AdjustStock(sku_id=sku, delta=-2, reason="x", kind="scrap", lots=(lot("a", 1),))
        )
    assert left(sku) == {"a": 3, "b": 1}


def test_the_lots_of_a_movement_are_kept_and_never_rewritten() -> None:
    sku = milk(lot("a", 3, SOON), lot("b", 3, LATER))
    ship(sku, 4)
    lines = MovementLot.objects.filter(lot__sku_id=sku).order_by("id")
    assert list(lines.values_list("kind", "lot__code", "delta")) == [
        ("receipt", "a", 3), ("receipt", "b", 3), ("shipment", "a", -3), ("shipment", "b", -1),
    ]  # fmt: skip
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        lines.update(delta=9)


def test_a_repeat_moves_no_lot_twice() -> None:
    sku = milk(lot("a", 3))
    command = AdjustStock(sku_id=sku, delta=-1, reason="x", idempotency_key="k")
    for _ in range(2):
        services.adjust_stock(command)
    assert left(sku) == {"a": 2}


def test_a_count_takes_the_first_to_expire_and_finds_unknown_ones() -> None:
    sku = milk(lot("a", 3, SOON), lot("b", 3, LATER))
    services.count_stock([CountStock(sku_id=sku, on_hand=2)])
    assert left(sku) == {"b": 2}
    services.count_stock([CountStock(sku_id=sku, on_hand=3)])
    assert left(sku) == {"b": 2, "UNKNOWN": 1}


@pytest.mark.parametrize("changed", ["level", "lots"])
def test_the_database_refuses_lots_that_do_not_add_up(changed: str) -> None:
    sku = milk(lot("a", 3))
    settle()
    if changed == "lots":
        LotBalance.objects.filter(sku_id=sku).update(on_hand=2)
    else:
        services.load_stock([OpeningStock(sku_id=sku, on_hand=4, location=location("north").code)])
    with pytest.raises(IntegrityError, match="do not add up"):
        settle()


def test_a_transfer_takes_its_lots_along() -> None:
    sku = milk(lot("a", 2, SOON), lot("b", 4, LATER))
    location("north")
    services.transfer_stock(
        TransferStock(sku_id=sku, quantity=3, source="main", destination="north")
    )
    assert (left(sku), left(sku, "north")) == ({"b": 3}, {"a": 2, "b": 1})


def test_lots_travel_and_arrive_and_are_lost_as_themselves() -> None:
    sku = milk(lot("a", 2, SOON), lot("b", 4, LATER))
    location("north")
    sent = services.send_transfer(
        RequestTransfer(
            lines=(StockLine(sku_id=sku, quantity=5),), source="main", destination="north"
        )
    )
    assert (left(sku), left(sku, "north")) == ({"b": 1}, {})

    def came(good: int, bad: int = 0, *, complete: bool = False) -> dict[str, int]:
        services.receive_transfer(
            ReceiveTransfer(
                transfer_id=sent.id,
                lines=(ArrivedLine(sku_id=sku, received=good, damaged=bad),),
                receipt=str(new_id()),
                complete=complete,
            )
        )
        return left(sku, "north")

    assert came(1) == {"a": 1}
    assert came(2) == {"a": 2, "b": 1}
    assert came(0, 1, complete=True) == {"a": 2, "b": 1}
    assert services.audit_stock().clean


def test_a_bulk_adjustment_of_lots_answers_per_item() -> None:
    sku, mug = milk(lot("a", 3)), stocked(5)
    results = services.bulk_adjust(
        [
            AdjustStock(sku_id=sku, delta=2, reason="found"),
            AdjustStock(sku_id=mug, delta=-1, reason="broken"),
            AdjustStock(sku_id=sku, delta=-1, reason="broken"),
            AdjustStock(sku_id=sku, delta=1, reason="found", lots=(lot("b", 1),)),
        ]
    )
    assert [(r.status, r.code) for r in results] == [
        ("refused", "inventory/lot-required"), ("applied", ""), ("applied", ""), ("applied", ""),
    ]  # fmt: skip
    assert left(sku) == {"a": 2, "b": 1}


def test_units_on_hand_become_the_unknown_lot_when_lots_begin() -> None:
    mug = stocked(5)
    services.track_sku(Tracking(sku_id=mug, lots=True))
    assert left(mug) == {"UNKNOWN": 5}
    ship(mug, 2)
    assert left(mug) == {"UNKNOWN": 3}
    for wrong in (Tracking(sku_id=mug), Tracking(sku_id=mug, lots=True, serials=True)):
        with pytest.raises(TrackingFixed):
            services.track_sku(wrong)
    with pytest.raises(TrackingFixed):
        services.track_sku(Tracking(sku_id=stocked(1), serials=True))


def test_expired_lots_are_withdrawn_except_what_is_promised() -> None:
    sku = milk(lot("gone", 4, GONE), lot("soon", 2, SOON))
    services.reserve_stock(order_of({sku: 3}))
    tasks.withdraw_expired_lots()
    tasks.withdraw_expired_lots()
    stock = services.sku_stock(sku_id=sku).total
    assert (stock.on_hand, stock.reserved, stock.damaged) == (3, 3, 3)
    assert left(sku) == {"gone": 1, "soon": 2}
    assert services.audit_stock().clean


def test_a_recall_finds_the_orders_that_got_a_lot() -> None:
    sku = milk(lot("a", 3, SOON), lot("b", 3, LATER))
    first, second = ship(sku, 2), ship(sku, 2)
    ship(sku, 1)
    services.adjust_stock(AdjustStock(sku_id=sku, delta=-1, reason="broken"))
    recalled = sent_of(services.find_lot(sku_id=sku, code="a")).order_by("id")
    assert list(recalled.values_list("reference", "delta")) == [(str(first), -2), (str(second), -1)]
    with pytest.raises(UnknownLot):
        services.find_lot(sku_id=sku, code="z")


def test_units_with_numbers_come_with_as_many_numbers_each_its_own() -> None:
    sku = phone("s1", "s2")
    for wrong in ((), ("s3",), ("s3", "s3"), ("s2", "s3")):
        with pytest.raises(SerialRequired), transaction.atomic():
            services.receive_stock(sku_id=sku, quantity=2, serials=wrong)
    assert numbers_at(sku) == {"s1", "s2"}
    assert counts(sku) == (2, 0, 0)


def test_numbers_leave_by_name_or_first_come() -> None:
    sku = phone("s1", "s2", "s3")
    services.adjust_stock(
        AdjustStock(sku_id=sku, delta=-1, reason="dropped", kind="damage", serials=("s3",))
    )
    assert numbers_at(sku) == {"s1", "s2"}
    with pytest.raises(SerialRequired), transaction.atomic():
        services.adjust_stock(
            AdjustStock(sku_id=sku, delta=-1, reason="x", kind="scrap", serials=("s3",))
        )
    order_id = ship(sku, 1)
    assert numbers_at(sku) == {"s2"}
    sold = MovementSerial.objects.get(reference=str(order_id))
    assert sold.serial.number == "s1"
    services.adjust_stock(
        AdjustStock(sku_id=sku, delta=1, reason="came back", kind="return", serials=("s1",))
    )
    assert numbers_at(sku) == {"s1", "s2"}
    assert services.audit_stock().clean


def test_numbers_travel() -> None:
    sku = phone("s1", "s2", "s3")
    location("north")
    services.transfer_stock(
        TransferStock(sku_id=sku, quantity=1, source="main", destination="north")
    )
    assert (numbers_at(sku), numbers_at(sku, "north")) == ({"s2", "s3"}, {"s1"})
    sent = services.send_transfer(
        RequestTransfer(
            lines=(StockLine(sku_id=sku, quantity=2),), source="main", destination="north"
        )
    )
    services.receive_transfer(
        ReceiveTransfer(
            transfer_id=sent.id,
            lines=(ArrivedLine(sku_id=sku, received=1),),
            receipt="1",
            complete=True,
        )
    )
    assert (numbers_at(sku), numbers_at(sku, "north")) == (set(), {"s1", "s2"})


def test_units_with_numbers_and_lots_leave_lot_by_lot() -> None:
    sku = phone("s1", "s2", lots=(lot("late", 2, LATER),))
    services.receive_stock(sku_id=sku, quantity=1, lots=(lot("soon", 1, SOON),), serials=("s3",))
    ship(sku, 2)
    assert (left(sku), numbers_at(sku)) == ({"late": 1}, {"s2"})
    with pytest.raises(LotRequired), transaction.atomic():
        services.receive_stock(
            sku_id=sku, quantity=2, lots=(lot("x", 1), lot("y", 1)), serials=("a", "b")
        )


def test_the_database_refuses_numbers_that_are_not_the_units_on_hand() -> None:
    phone("s1", "s2")
    settle()
    Serial.objects.filter(number="s1").update(location=None)
    with pytest.raises(IntegrityError, match="numbers"):
        settle()


def test_too_little_is_too_little_for_lots_as_well() -> None:
    sku = milk(lot("a", 3))
    location("north")
    command = TransferStock(sku_id=sku, quantity=4, source="main", destination="north")
    with pytest.raises(InsufficientStock), transaction.atomic():
        services.transfer_stock(command)
    assert left(sku) == {"a": 3}


@pytest.fixture
def operator(api: Any) -> Any:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    return api


def test_lots_and_numbers_of_a_sku_that_has_none_are_refused() -> None:
    sku, carton = stocked(5), milk()
    watch = services.track_sku(Tracking(sku_id=new_id(), serials=True)).sku_id
    bare = AdjustStock(sku_id=sku, delta=1, reason="x")
    for wrong in (
        replace(bare, lots=(lot("a", 1),)),
        replace(bare, serials=("s1",)),
        replace(bare, delta=-1, lots=(lot("a", 1),)),
        replace(bare, sku_id=carton, lots=(lot("a", 1),), serials=("s1",)),
        replace(bare, sku_id=watch, serials=("s1",), lots=(lot("a", 1),)),
    ):
        with pytest.raises(NotTracked):
            services.adjust_stock(wrong)
        first, second = services.bulk_adjust([bare, wrong])
        assert (first.status, second.status, second.code) == (
            *("applied", "refused"),
            "inventory/not-tracked",
        )
    assert (counts(sku), counts(carton), counts(watch)) == ((10, 0, 0), (0, 0, 0), (0, 0, 0))


def test_the_doors_of_lots(operator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    location()
    sku = new_id()
    known = SimpleNamespace(id=sku, code="MILK", seller="house")
    monkeypatch.setattr(catalog, "find_skus", lambda **_: {sku: known})
    base = "/api/v1/inventory/MILK"
    assert operator.json_of("POST", f"{base}/tracking", {"lots": True}, status=200) == {
        "skuId": str(sku), "lots": True, "serials": False,
    }  # fmt: skip
    receipt = {
        "skuId": "MILK", "type": "receipt", "quantity": 3, "reason": "came",
        "lots": [{"lotId": "a", "quantity": 3, "expiresOn": SOON.isoformat()}],
    }  # fmt: skip
    operator.json_of("POST", "/api/v1/inventory/movements", receipt, status=201)
    bare = {"delta": 2, "reason": "found"}
    refusal = operator.json_of("POST", f"{base}/adjust", bare, status=409)
    assert refusal["code"] == "inventory/lot-required"
    named = {**bare, "lots": [{"lotId": "a", "quantity": 2}]}
    operator.json_of("POST", f"{base}/adjust", named, status=200)
    order_id = ship(sku, 1)

    (shown,) = operator.json_of("GET", f"{base}/lots", status=200)["results"]
    assert (shown["lotId"], shown["onHand"], shown["expired"]) == ("a", 4, False)
    recalled = operator.json_of("GET", f"{base}/lots/a/orders", status=200)
    assert [(row["orderId"], row["quantity"]) for row in recalled["results"]] == [
        (str(order_id), 1)
    ]
    operator.json_of("GET", f"{base}/lots/z/orders", status=404)


def test_a_lot_with_a_slash_in_its_code_can_be_recalled(
    operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = milk(lot("2026/07", 2))
    known = SimpleNamespace(id=sku, code="MILK", seller="house")
    monkeypatch.setattr(catalog, "find_skus", lambda **_: {sku: known})
    order_id = ship(sku, 1)
    for code in ("2026/07", "2026%2F07"):
        at = f"/api/v1/inventory/MILK/lots/{code}/orders"
        (row,) = operator.json_of("GET", at, status=200)["results"]
        assert row["orderId"] == str(order_id)


def test_a_lot_that_is_named_twice_counts_once() -> None:
    sku = milk(lot("a", 5), lot("b", 5))

    def take(*lots: LotUnits) -> None:
        units = sum(one.quantity for one in lots)
        services.adjust_stock(AdjustStock(sku_id=sku, delta=-units, reason="x", lots=lots))

    take(lot("a", 2), lot("b", 1), lot("a", 2))
    assert left(sku) == {"a": 1, "b": 4}
    with pytest.raises(LotShort):
        take(lot("b", 3), lot("b", 2))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_numbers_of_several_lots_travel_together(lost: int) -> None:
    location("b")
    sku = phone("1", lots=(lot("x", 1, SOON),))
    services.receive_stock(sku_id=sku, quantity=1, lots=(lot("y", 1, LATER),), serials=("2",))
    line = StockLine(sku_id=sku, quantity=2)
    sent = services.send_transfer(RequestTransfer(lines=(line,), source="main", destination="b"))
    if lost < 2:
        came = ArrivedLine(sku_id=sku, received=2 - lost)
        services.receive_transfer(
            ReceiveTransfer(transfer_id=sent.id, lines=(came,), receipt="one", complete=bool(lost))
        )
    assert services.close_transfer(transfer_id=sent.id, reason="").status == "CLOSED"

    assert numbers_at(sku, "b") == set(["1", "2"][: 2 - lost])
    assert left(sku, "b") == dict([("x", 1), ("y", 1)][: 2 - lost])
    assert dict(Serial.objects.values_list("number", "lot__code")) == {"1": "x", "2": "y"}
    assert services.audit_stock().clean


def test_a_lot_that_is_named_twice_expires_on_one_day() -> None:
    named = (lot("A", 1, SOON), lot("A", 1, LATER))

    with pytest.raises(LotShort):
        services.receive_stock(sku_id=milk(), quantity=2, lots=named)


def test_a_number_on_its_way_is_received_by_its_transfer_only() -> None:
    location("north")
    sku = phone("1", "2")
    sent = services.send_transfer(
        RequestTransfer(
            lines=(StockLine(sku_id=sku, quantity=2),), source="main", destination="north"
        )
    )

    with pytest.raises(SerialRequired, match="on its way"), transaction.atomic():
        services.receive_stock(sku_id=sku, quantity=1, serials=("1",))
    one = (ArrivedLine(sku_id=sku, received=1),)
    services.receive_transfer(ReceiveTransfer(transfer_id=sent.id, lines=one, receipt="one"))
    services.adjust_stock(
        AdjustStock(sku_id=sku, delta=-1, reason="broke", location="north", serials=("1",))
    )
    services.receive_transfer(ReceiveTransfer(transfer_id=sent.id, lines=one, receipt="two"))
    assert numbers_at(sku, "north") == {"2"}

    services.receive_stock(sku_id=sku, quantity=1, serials=("1",))
    assert numbers_at(sku) == {"1"}
    assert services.audit_stock().clean
