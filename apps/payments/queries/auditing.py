"""The invariants of the books, each as one query that finds only what is wrong."""

from django.db import connection

_UNBALANCED = """
SELECT entry_id::text FROM payments_journalline GROUP BY entry_id, currency
HAVING sum(debit) <> sum(credit) ORDER BY 1 LIMIT 100
"""

_PAYMENTS_OFF = """
SELECT p.id::text, p.captured - p.refunded, coalesce(l.kept, 0)::bigint
FROM payments_payment p FULL JOIN (
    SELECT e.payment_id, sum(l.debit - l.credit) AS kept
    FROM payments_journalentry e JOIN payments_journalline l ON l.entry_id = e.id
    WHERE l.account_id LIKE 'psp_receivable.%' GROUP BY e.payment_id
) l ON l.payment_id = p.id
WHERE coalesce(p.captured - p.refunded, -1) <> coalesce(l.kept, 0) ORDER BY 1 LIMIT 100
"""


def count_entries() -> int:
    """How many journal entries there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM payments_journalentry")
        return int(cursor.fetchone()[0])


def unbalanced() -> tuple[str, ...]:
    """Entries whose debits are not their credits, a hundred at most."""
    with connection.cursor() as cursor:
        cursor.execute(_UNBALANCED)
        return tuple(row[0] for row in cursor.fetchall())


def payments_off() -> dict[str, tuple[int, int]]:
    """Payments of which the ledger says otherwise, a hundred at most."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENTS_OFF)
        return {row[0] or "no payment": (row[1] or 0, row[2]) for row in cursor.fetchall()}
