"""What payments does for others. ``ask_*`` speak to the gateway, ``record_*`` write down what it said."""

from apps.payments.services._ask import ask_authorization, ask_capture, ask_refund, ask_void
from apps.payments.services._command import (
    authorize,
    capture,
    capture_part,
    refund,
    request_refund,
    void,
)
from apps.payments.services._open import open_payment
from apps.payments.services._read import get_capture, get_payment, get_refund, payment_of_order
from apps.payments.services._record import (
    record_authorization,
    record_capture,
    record_refund,
    record_void,
)

__all__ = [
    "ask_authorization",
    "ask_capture",
    "ask_refund",
    "ask_void",
    "authorize",
    "capture",
    "capture_part",
    "get_capture",
    "get_payment",
    "get_refund",
    "open_payment",
    "payment_of_order",
    "record_authorization",
    "record_capture",
    "record_refund",
    "record_void",
    "refund",
    "request_refund",
    "void",
]
