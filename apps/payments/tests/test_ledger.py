"""The books hold by themselves: the database refuses what would break them."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from apps.payments import services
from apps.payments.models import JournalEntry, JournalLine, LedgerAccount
from apps.payments.tests.factories import captured
from ecommerce.ids import new_id
from sandbox.testing import SandboxServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_server")]


def entry(**fields: Any) -> JournalEntry:
    return JournalEntry.objects.create(
        kind="test", reference=str(new_id()), payment_id=new_id(), order_id=new_id(), **fields
    )


def lines(written: JournalEntry, *amounts: tuple[int, int, str]) -> None:
    LedgerAccount.objects.get_or_create(code="a", defaults={"kind": "asset"})
    for debit, credit, currency in amounts:
        JournalLine.objects.create(
            entry=written, account_id="a", debit=debit, credit=credit, currency=currency
        )


def commit(*amounts: tuple[int, int, str]) -> None:
    """Write an entry and have the deferred constraints checked now, as a commit would."""
    lines(entry(), *amounts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [(100, 0, "EUR")],
        [(100, 0, "EUR"), (0, 99, "EUR")],
        [(100, 0, "EUR"), (0, 100, "USD")],
    ],
)
def test_an_entry_that_does_not_balance_is_not_committed(
    amounts: list[tuple[int, int, str]],
) -> None:
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        commit(*amounts)


def test_an_entry_that_balances_per_currency_is() -> None:
    commit((100, 0, "EUR"), (0, 60, "EUR"), (0, 40, "EUR"), (5, 0, "USD"), (0, 5, "USD"))


@pytest.mark.parametrize("amounts", [(0, 0, "EUR"), (1, 1, "EUR"), (-1, 0, "EUR")])
def test_a_line_is_a_debit_or_a_credit(amounts: tuple[int, int, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        commit(amounts)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM payments_journalline",
        "DELETE FROM payments_journalentry",
        "UPDATE payments_journalline SET currency = 'XXX'",
        "UPDATE payments_journalentry SET kind = 'x'",
    ],
)
def test_what_is_written_stays(sql: str) -> None:
    captured()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_audit_finds_a_payment_that_the_ledger_does_not_know(
    sandbox_server: SandboxServer,
) -> None:
    payment = captured()
    assert services.audit_ledger().clean
    call_command("audit_ledger")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_payment SET refunded = 1 WHERE id = %s", [payment.id])
    audit = services.audit_ledger()

    assert not audit.clean
    assert audit.payments_off == {str(payment.id): (999, 1000)}
    with pytest.raises(CommandError):
        call_command("audit_ledger")
