"""What must never be rewritten is refused by the database, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db
LEDGERS = (
    "audit_entry",
    "audit_seal",
    "event_log",
    "inventory_movementlot",
    "inventory_movementseal",
    "inventory_movementserial",
    "inventory_stockmovement",
    "orders_orderline",
    "orders_orderstatuschange",
    "payments_journalentry",
    "payments_journalline",
    "pim_contentversion",
    "pim_publication",
    "pricing_quote",
    "shipping_trackingevent",
)


@pytest.mark.parametrize("table", LEDGERS)
def test_a_ledger_refuses_to_be_emptied(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", LEDGERS)
def test_a_ledger_refuses_to_have_a_row_changed_or_deleted(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled = 'O'",
            [table, f"{table}_append_only"],
        )
        (definition,) = cursor.fetchone()

    assert "BEFORE DELETE OR UPDATE" in definition
    assert "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()" in definition
