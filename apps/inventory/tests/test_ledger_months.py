"""The ledger in monthly parts: numbers without gap or double across them, and none can be rewritten."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from apps.inventory import services, tasks
from apps.inventory.models import Location, StockLevel, StockMovement
from apps.inventory.queries.months import LEDGER
from apps.inventory.tests.factories import stocked
from apps.inventory.types import AdjustStock
from ecommerce import clock
from ecommerce.context import bind
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2024, 2, 10, 12, tzinfo=UTC)


def part_of(movement: StockMovement) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM inventory_stockmovement WHERE id = %s",
            [movement.id],
        )
        return str(cursor.fetchone()[0])


def settle() -> None:
    """Have everything checked that waits for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def entered(moment: datetime) -> StockMovement:
    """An entry of that time, and the level that follows it."""
    level = StockLevel(sku_id=new_id(), location=Location.objects.get(code="main"))
    level.on_hand, level.version, level.moved_at = 3, 1, moment
    level.save(force_insert=True)
    return StockMovement.objects.create(
        sku_id=level.sku_id,
        location=level.location,
        kind="opening",
        delta=3,
        on_hand_after=3,
        version=1,
        created_at=moment,
    )


def test_an_entry_lies_in_the_part_of_its_month() -> None:
    stocked(1)
    assert part_of(StockMovement.objects.get()) == LEDGER.month_of(clock.now()).table


def test_months_are_made_ahead_and_take_what_the_default_part_caught() -> None:
    caught = entered(LONG_AGO)
    assert part_of(caught) == "inventory_stockmovement_default"
    settle()

    with time_machine.travel(LONG_AGO, tick=False):
        tasks.extend_ledger()

    assert part_of(caught) == "inventory_stockmovement_2024_02"
    names = {month.table for month in LEDGER.present()}
    assert {f"inventory_stockmovement_2024_0{n}" for n in (2, 3, 4, 5)} <= names
    assert services.extend_ledger(now=LONG_AGO) == []
    assert services.audit_stock().clean


def test_the_next_months_are_there_from_the_first_day() -> None:
    names = {month.table for month in LEDGER.present()}
    later = clock.now() + timedelta(days=80)
    assert {LEDGER.month_of(clock.now()).table, LEDGER.month_of(later).table} <= names


@pytest.mark.parametrize("sql", ["UPDATE {part} SET delta = 9", "DELETE FROM {part}"])
def test_a_part_cannot_be_rewritten(sql: str) -> None:
    stocked(1)
    part = part_of(StockMovement.objects.get())
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(part=part))


@pytest.mark.parametrize("made", ["by the migration", "by the task", "the default one"])
def test_a_part_cannot_be_emptied(made: str) -> None:
    services.extend_ledger(now=LONG_AGO)
    part = {
        "by the migration": LEDGER.month_of(clock.now()).table,
        "by the task": "inventory_stockmovement_2024_02",
        "the default one": "inventory_stockmovement_default",
    }[made]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {part} ENABLE TRIGGER {part}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {part}")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_entry_comes_beside_the_levels_own(version: int) -> None:
    """Neither one of a number that is used (in another month, too) nor one ahead of it."""
    mug = stocked(5)
    services.adjust_stock(AdjustStock(sku_id=mug, delta=1, reason="found"))
    entry = StockMovement.objects.get(sku_id=mug, version=2)
    for moment in (entry.created_at, clock.now(), LONG_AGO):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockMovement.objects.create(
                sku_id=mug,
                location=entry.location,
                kind="adjustment",
                delta=1,
                on_hand_after=6,
                version=version,
                created_at=moment,
            )
    assert StockMovement.objects.filter(sku_id=mug).count() == 2


@pytest.mark.parametrize("version", [1, 3])
def test_a_level_cannot_skip_or_repeat_a_number(version: int) -> None:
    mug = stocked(5)
    StockLevel.objects.filter(sku_id=mug).update(version=version, moved_at=clock.now())
    with pytest.raises(IntegrityError, match="without a ledger entry"):
        settle()


def test_a_key_is_remembered_across_months() -> None:
    mug = stocked(0)
    command = AdjustStock(sku_id=mug, delta=3, reason="found", idempotency_key="k")
    first = services.adjust_stock(command)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, column in (("movementkey", "moved_at"), ("stockmovement", "created_at")):
            cursor.execute(f"UPDATE inventory_{table} SET {column} = %s", [LONG_AGO])
        cursor.execute("SET session_replication_role = DEFAULT")

    again = services.adjust_stock(command)

    assert (again.replayed, again.movement_id) == (True, first.movement_id)
    assert StockMovement.objects.count() == 1


def test_an_entry_names_the_event_that_it_answers() -> None:
    with bind(causation_id="event-7", correlation_id="request-1"):
        stocked(1)
    with bind(correlation_id="request-1"):
        stocked(2)
    causes = StockMovement.objects.order_by("delta").values_list("causation_id", flat=True)
    assert list(causes) == ["event-7", "request-1"]


def test_time_runs_the_way_that_numbers_do() -> None:
    mug = stocked(5)
    for _ in range(5):
        services.adjust_stock(AdjustStock(sku_id=mug, delta=1, reason="found"))
    times = list(StockMovement.objects.order_by("version").values_list("created_at", flat=True))
    assert times == sorted(times)
    assert len(set(times)) == 6
