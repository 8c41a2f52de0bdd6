"""Payments in the admin: read, and moved on through the services."""

from apps.payments.admin.inbox import ReversalAdmin, WebhookEventAdmin
from apps.payments.admin.ledger import JournalEntryAdmin, LedgerAccountAdmin
from apps.payments.admin.payments import AttemptAdmin, PaymentAdmin

__all__ = [
    "AttemptAdmin",
    "JournalEntryAdmin",
    "LedgerAccountAdmin",
    "PaymentAdmin",
    "ReversalAdmin",
    "WebhookEventAdmin",
]
