"""Do the books hold? Read by operators and by every experiment at its end."""

from apps.payments.queries import auditing
from apps.payments.types import LedgerAudit


def audit_ledger() -> LedgerAudit:
    """Debits = credits in each entry, and each payment's captured - refunded = what the ledger says."""
    return LedgerAudit(
        entries_checked=auditing.count_entries(),
        unbalanced=auditing.unbalanced(),
        payments_off=auditing.payments_off(),
    )
