"""The tables of payments."""

from apps.payments.models.ledger import JournalEntry, JournalLine, LedgerAccount
from apps.payments.models.payment import Attempt, Payment
from apps.payments.models.webhook import KnownOrder, Reversal, WebhookEvent

__all__ = [
    "Attempt",
    "JournalEntry",
    "JournalLine",
    "KnownOrder",
    "LedgerAccount",
    "Payment",
    "Reversal",
    "WebhookEvent",
]
