"""Movements are sealed after their commit, and whoever changes one behind the triggers is found out."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from apps.inventory import services, tasks
from apps.inventory.models import MovementSeal, PendingMovement, StockMovement
from apps.inventory.tests.factories import location, stocked
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
