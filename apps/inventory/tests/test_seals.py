"""Movements are sealed after their commit, and whoever changes one behind the triggers is found out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from apps.inventory import services, tasks
from apps.inventory.domain.sealing import movement_hash
from apps.inventory.models import MovementSeal, PendingMovement, StockMovement
from apps.inventory.tests.factories import location, stocked
from apps.inventory.tests.test_lots import LATER, SOON, lot, milk, phone
from apps.inventory.types import AdjustStock, OpeningStock
from ecommerce.audit.types import Head
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def findings(*anchors: Head) -> list[str]:
    return [finding.kind for finding in services.verify_ledger(anchors=anchors)]


def behind_the_triggers(sql: str, *values: Any) -> None:
    """As one who rules the database: no trigger stops them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT; SET CONSTRAINTS ALL DEFERRED")


def three_seals() -> list[StockMovement]:
    mug = stocked(5)
    services.seal_ledger(now=now())
    for delta in (2, -1):
        services.adjust_stock(AdjustStock(sku_id=mug, delta=delta, reason="found"))
        services.seal_ledger(now=now())
    return list(StockMovement.objects.order_by("version"))


def test_an_untouched_ledger_has_no_findings() -> None:
    three_seals()
    stocked(1)
    assert findings() == []
    assert [len(seal.movement_ids) for seal in MovementSeal.objects.all()] == [1, 1, 1]
    assert PendingMovement.objects.count() == 1


def test_what_waits_is_sealed_once_and_in_batches() -> None:
    location()
    services.load_stock(OpeningStock(sku_id=new_id(), on_hand=1) for _ in range(7))
    assert services.seal_ledger(now=now(), batch=3) == 7
    tasks.seal_ledger()
    assert sorted(len(seal.movement_ids) for seal in MovementSeal.objects.all()) == [1, 3, 3]
    assert findings() == []


CHANGES = {
    "kind": "'count'",
    "delta": "9",
    "on_hand_after": "9",
    "damaged_delta": "9",
    "damaged_after": "9",
    "version": "9",
    "reason": "'none'",
    "reference": "'PO-1'",
    "actor": "'boss'",
    "causation_id": "'e'",
    "sku_id": "gen_random_uuid()",
    "location_id": "gen_random_uuid()",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_movement_is_found(column: str) -> None:
    movement = three_seals()[1]
    behind_the_triggers(
        f"UPDATE inventory_stockmovement SET {column} = {CHANGES[column]} WHERE id = %s",
        movement.id,
    )
    assert findings() == ["movement changed"]
    restored(movement)
    assert findings() == []


def restored(movement: StockMovement) -> None:
    """Put an entry back as it was, so that the test can end with books that add up."""
    behind_the_triggers("DELETE FROM inventory_stockmovement WHERE id = %s", movement.id)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        movement.save(force_insert=True)
        cursor.execute("SET session_replication_role = DEFAULT")


LOT, SERIAL = "inventory_movementlot", "inventory_movementserial"
TAMPERED = {
    "another number of units": f"UPDATE {LOT} SET delta = delta + 1 WHERE kind = 'receipt'",
    "another lot": f"UPDATE {LOT} SET lot_id = (SELECT id FROM inventory_lot WHERE code = 'b')"
    " WHERE kind = 'scrap'",
    "another order": f"UPDATE {LOT} SET reference = 'order-7' WHERE kind = 'scrap'",
    "another kind": f"UPDATE {LOT} SET kind = 'shipment' WHERE kind = 'scrap'",
    "another place": f"UPDATE {LOT} SET location_id = (SELECT id FROM inventory_location"
    " WHERE code = 'north') WHERE kind = 'scrap'",
    "another time": f"UPDATE {LOT} SET moved_at = moved_at - interval '1 day' WHERE kind = 'scrap'",
    "a line taken out": f"DELETE FROM {LOT} WHERE kind = 'scrap'",
    "a line put in": f"INSERT INTO {LOT} (movement_id, moved_at, kind, reference, lot_id, location_id,"
    " delta) SELECT movement_id, moved_at, kind, reference, (SELECT id FROM inventory_lot"
    f" WHERE code = 'b'), location_id, -1 FROM {LOT} WHERE kind = 'scrap'",
    "a line of a movement without": f"INSERT INTO {LOT} (movement_id, moved_at, kind, reference,"
    " lot_id, location_id, delta) SELECT m.id, m.created_at, m.kind, '', o.id, m.location_id, 5"
    " FROM inventory_stockmovement m, inventory_lot o WHERE m.reason = 'plain' AND o.code = 'b'",
    "another code": "UPDATE inventory_lot SET code = 'z' WHERE code = 'b'",
    "another number": "UPDATE inventory_serial SET number = '9' WHERE number = '1'",
    "a number put to another": f"UPDATE {SERIAL} SET serial_id = (SELECT id FROM inventory_serial"
    " WHERE number = '2') WHERE kind = 'scrap'",
    "a number taken out": f"DELETE FROM {SERIAL} WHERE kind = 'scrap'",
}


def moved_lots() -> None:
    """Sealed movements of two lots, of numbers, and of a SKU without either."""
    location("north")
    sku = milk(lot("a", 3, SOON), lot("b", 3, LATER))
    mug = phone("1", "2")
    scrap = AdjustStock(sku_id=sku, delta=-2, reason="leaks", kind="scrap")
    services.adjust_stock(scrap)
    services.adjust_stock(replace(scrap, sku_id=mug, delta=-1, serials=("1",)))
    services.adjust_stock(
        replace(scrap, sku_id=stocked(1), delta=1, reason="plain", kind="receipt")
    )
    services.seal_ledger(now=now())


@pytest.mark.parametrize("tampering", TAMPERED)
def test_changed_lots_and_numbers_of_a_movement_are_found(tampering: str) -> None:
    moved_lots()
    assert findings() == []
    assert services.audit_stock().clean
    with tampered_for_now(TAMPERED[tampering]):
        assert "movement changed" in findings()
        with pytest.raises(CommandError, match="tampered"):
            call_command("verify_stock_ledger")


AUDITED = ("another number of units", "another lot", "a line taken out", "a line put in",
           "a line of a movement without", "another time", "another place")  # fmt: skip


@pytest.mark.parametrize("tampering", AUDITED)
def test_lots_that_do_not_add_up_are_found_by_the_audit_too(tampering: str) -> None:
    moved_lots()
    with tampered_for_now(TAMPERED[tampering]):
        off = {check for check, rows in services.audit_stock().off.items() if rows}
        assert off
        assert off <= {"lots moved", "lot movements"}
        with pytest.raises(CommandError):
            call_command("audit_stock", stdout=StringIO(), stderr=StringIO())


def test_lots_of_a_movement_that_never_was_are_found() -> None:
    moved_lots()
    stray = (
        f"INSERT INTO {LOT} (movement_id, moved_at, kind, reference, lot_id, location_id, delta)"
        " SELECT gen_random_uuid(), moved_at, 'shipment', 'order-7', lot_id, location_id, -1"
        f" FROM {LOT} WHERE kind = 'scrap'"
    )
    with tampered_for_now(stray):
        assert findings() == ["units added"]


def test_a_seal_of_the_first_form_stays_valid_and_is_none_of_the_second() -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setattr("apps.inventory.services._seal.FORM", 1)
        before.setattr(
            "apps.inventory.services._seal.movement_hash", lambda row: movement_hash(row, 1)
        )
        moved_lots()
    assert set(MovementSeal.objects.values_list("form", flat=True)) == {1}
    assert findings() == []
    with tampered_for_now("UPDATE inventory_movementseal SET form = 2"):
        assert set(findings()) == {"movement changed"}
    sku = milk(lot("c", 1))
    services.adjust_stock(AdjustStock(sku_id=sku, delta=-1, reason="leaks", kind="scrap"))
    services.seal_ledger(now=now())
    assert findings() == []
    with tampered_for_now("UPDATE inventory_movementseal SET form = 1 WHERE form = 2"):
        assert findings() == ["movement changed"] * 2


def test_what_moved_lots_before_is_sealed_again_with_them() -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setattr("apps.inventory.services._seal.FORM", 1)
        before.setattr(
            "apps.inventory.services._seal.movement_hash", lambda row: movement_hash(row, 1)
        )
        moved_lots()
    again = import_module("apps.inventory.migrations.0030_seals_of_lots").AGAIN
    with connection.cursor() as cursor:
        cursor.execute(again)
    assert services.seal_ledger(now=now()) == 5
    assert findings() == []
    with tampered_for_now(TAMPERED["another lot"]):
        assert findings() == ["movement changed"]


@contextmanager
def tampered_for_now(sql: str) -> Iterator[None]:
    """Behind the triggers, and undone at the end, so that the test ends with books that add up."""
    undone = transaction.savepoint()
    behind_the_triggers(sql)
    yield
    transaction.savepoint_rollback(undone)


def test_a_movement_of_another_time_or_gone_is_found() -> None:
    first, second, _ = three_seals()
    behind_the_triggers(
        "UPDATE inventory_stockmovement SET created_at = created_at - interval '1 day' WHERE id = %s",
        first.id,
    )
    behind_the_triggers("DELETE FROM inventory_stockmovement WHERE id = %s", second.id)
    assert findings() == ["movement missing", "movement missing"]
    with pytest.raises(CommandError, match="2 findings"):
        call_command("verify_stock_ledger")
    restored(first)
    restored(second)
    call_command("verify_stock_ledger", "--seal")


def test_a_movement_slipped_in_is_found() -> None:
    first, *_ = three_seals()
    first.id, first.version = new_id(), 7
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        first.save(force_insert=True)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert findings() == ["movement added"]


def test_a_seal_made_to_fit_is_found() -> None:
    """One who changes a movement and its hash in the seal has no key to sign with."""
    three_seals()
    behind_the_triggers(
        "UPDATE inventory_movementseal SET movement_hashes = ARRAY[decode(repeat('00', 32), 'hex')]"
        " WHERE number = 2"
    )
    assert set(findings()) == {"seal changed", "movement added"}


def test_a_missing_seal_and_a_chain_cut_off_are_found() -> None:
    third = three_seals()[-1]
    head = services.ledger_head()
    assert head is not None
    assert findings(head) == []
    behind_the_triggers("DELETE FROM inventory_movementseal WHERE number = 3")
    assert findings(head) == ["movement added", "chain cut off"]
    behind_the_triggers("DELETE FROM inventory_stockmovement WHERE id = %s", third.id)
    assert findings() == []
    assert findings(head) == ["chain cut off"]
    behind_the_triggers("DELETE FROM inventory_movementseal WHERE number = 1")
    assert findings()[:1] == ["seal missing"]


@pytest.mark.parametrize("sql", ["UPDATE {} SET key_id = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_seal_cannot_be_rewritten(sql: str) -> None:
    three_seals()
    table = "inventory_movementseal"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(sql.format(table))
