"""The audit finds what is wrong, and nothing where nothing is."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from apps.inventory import services as inventory
from ecommerce.ids import new_id
from proving.management.commands import audit_books

pytestmark = pytest.mark.django_db(transaction=True)


def audit() -> str:
    out = StringIO()
    call_command("audit_books", stdout=out)
    return out.getvalue()


def test_the_books_of_a_shop_that_did_nothing_wrong_agree() -> None:
    inventory.receive_stock(sku_id=new_id(), quantity=5)

    assert audit().endswith("the books agree\n")


def test_stock_that_no_movement_explains_is_found_and_named() -> None:
    sku = new_id()
    inventory.receive_stock(sku_id=sku, quantity=5)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE inventory_stocklevel SET on_hand = 7")
        cursor.execute("SET session_replication_role = DEFAULT")

    with pytest.raises(CommandError, match=f"on hand is not the sum of its movements: 1.*{sku}"):
        audit()


def test_an_entry_that_does_not_balance_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO payments_journalline (entry_id, account_id, currency, debit, credit)"
            " VALUES (gen_random_uuid(), 'refunds', 'EUR', 5, 0)"
        )
        cursor.execute("SET session_replication_role = DEFAULT")

    with pytest.raises(CommandError, match="a journal entry's debits are not its credits"):
        audit()


def test_the_audit_could_change_nothing_if_it_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_books, "WRONG", {"a statement that writes": "SELECT lo_create(0)"})

    with pytest.raises(DatabaseError, match="read-only transaction"):
        audit()
