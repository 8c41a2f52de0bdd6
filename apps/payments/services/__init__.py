"""What payments does for others. ``ask_*`` speak to the gateway, ``record_*`` write down what it said."""

from apps.payments.services._ask import (
    Intent,
    ask,
    ask_authorization,
    ask_capture,
    ask_refund,
    ask_void,
    intend_capture,
)
from apps.payments.services._audit import audit_ledger
from apps.payments.services._command import (
    authorize,
    capture,
    capture_rest,
    create_capture,
    refund,
    refund_rest,
    request_refund,
    void,
)
from apps.payments.services._open import open_payment, open_to_ask
from apps.payments.services._read import get_capture, get_payment, get_refund
from apps.payments.services._reconcile import resolve_attempts, retry_attempt
from apps.payments.services._record import (
    record_authorization,
    record_capture,
    record_refund,
    record_void,
)
from apps.payments.services._refuse_card import refuse_card_number
from apps.payments.services._reverse import (
    deliver_reversals,
    find_orphans,
    note_orders,
    retry_reversal,
    reverse_orders,
)
from apps.payments.services._simulate import simulate_gateway
from apps.payments.services._webhook import apply_webhooks, receive_webhook, retry_webhook

__all__ = [
    "Intent",
    "apply_webhooks",
    "ask",
    "ask_authorization",
    "ask_capture",
    "ask_refund",
    "ask_void",
    "audit_ledger",
    "authorize",
    "capture",
    "capture_rest",
    "create_capture",
    "deliver_reversals",
    "find_orphans",
    "get_capture",
    "get_payment",
    "get_refund",
    "intend_capture",
    "note_orders",
    "open_payment",
    "open_to_ask",
    "receive_webhook",
    "record_authorization",
    "record_capture",
    "record_refund",
    "record_void",
    "refund",
    "refund_rest",
    "refuse_card_number",
    "request_refund",
    "resolve_attempts",
    "retry_attempt",
    "retry_reversal",
    "retry_webhook",
    "reverse_orders",
    "simulate_gateway",
    "void",
]
