"""The look at the books finds what is wrong, tells it, and keeps it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.inventory import services, tasks
from apps.inventory.models import StockCheck, StockLevel
from apps.inventory.tests.factories import location, order_of, stocked

pytestmark = pytest.mark.django_db


def tampered(sql: str, *values: object) -> None:
    """Change a row behind the guards' back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, list(values))  # type: ignore[arg-type]  # a UUID is one
        cursor.execute("SET session_replication_role = origin")


def test_books_that_agree_are_told_with_figures() -> None:
    services.reserve_stock(order_of({stocked(5): 2}))
    told = StringIO()
    call_command("audit_stock", stdout=told)
    assert "1 levels, 1 movements, 1 reservations checked" in told.getvalue()
    assert "on hand:" in told.getvalue()
    audit = services.audit_stock()
    assert audit.clean
    assert 10_000_000 < audit.peak_memory < 2_000_000_000


@pytest.mark.parametrize(
    ("column", "check", "says", "should"),
    [
        ("on_hand = 7", "on hand", 7, 5),
        ("reserved = 1", "reserved", 1, 2),
        ("allocated = 1", "allocated", 1, 0),
        ("damaged = 3", "damaged", 3, 0),
        ("incoming = 4", "incoming", 4, 0),
        ("version = 9", "entries", 9, 1),
        ("held = true", "held", 1, 0),
    ],
)
def test_each_difference_is_found(column: str, check: str, says: int, should: int) -> None:
    mug = stocked(5)
    services.reserve_stock(order_of({mug: 2}))
    tampered(f"UPDATE inventory_stocklevel SET {column} WHERE sku_id = %s", mug)
    audit = services.audit_stock()
    assert {name: rows for name, rows in audit.off.items() if rows} == {
        check: {f"{mug}@main": (says, should)}
    }
    with pytest.raises(CommandError):
        call_command("audit_stock", stdout=StringIO(), stderr=StringIO())


def test_a_vanished_level_and_a_missing_entry_are_found() -> None:
    gone, short = stocked(5), stocked(5)
    tampered("DELETE FROM inventory_stocklevel WHERE sku_id = %s", gone)
    tampered("DELETE FROM inventory_stockmovement WHERE sku_id = %s", short)
    off = services.audit_stock().off
    assert off["on hand"] == {f"{gone}@main": (0, 5), f"{short}@main": (5, 0)}
    assert off["entries"] == {f"{short}@main": (1, 0)}


def test_the_hourly_look_is_kept() -> None:
    mug = stocked(5)
    tasks.check_stock()
    assert StockCheck.objects.get().differences == {}
    tampered("UPDATE inventory_stocklevel SET on_hand = 6 WHERE sku_id = %s", mug)
    tasks.check_stock()
    kept = StockCheck.objects.latest("id")
    assert kept.differences == {"on hand": {f"{mug}@main": [6, 5]}}
    tampered("UPDATE inventory_stocklevel SET on_hand = 5 WHERE sku_id = %s", mug)


def test_so_many_are_told_and_no_more() -> None:
    location()
    for _ in range(5):
        stocked(1)
    StockLevel.objects.all()
    tampered("UPDATE inventory_stocklevel SET reserved = 1")
    assert len(services.audit_stock(most=3).off["reserved"]) == 3
