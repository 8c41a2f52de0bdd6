"""What is asked of the gateway, written down before it is asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from apps.payments.queries import reading
from apps.payments.types import AttemptStatus, OpenPayment, Operation, Payment

_OPEN = """
WITH opened AS (
    INSERT INTO payments_payment (id, order_id, merchant, provider, method, customer_id,
                                  guest_token_hash, currency, amount)
    VALUES (%(payment_id)s, %(order_id)s, %(merchant)s, %(provider)s, %(method)s, %(customer_id)s,
            %(guest_token_hash)s, %(currency)s, %(amount)s)
    ON CONFLICT (id) DO NOTHING RETURNING *
), asked AS (
    INSERT INTO payments_attempt (id, payment_id, operation, amount, tries, asked_at)
    SELECT id, id, 'authorize', amount, %(asking)s,
           CASE WHEN %(asking)s > 0 THEN statement_timestamp() END
    FROM opened
)
SELECT {returned} FROM opened p
"""
OPEN = _OPEN.format(returned=reading.RETURNED)

# The guard and the promise in one conditional UPDATE: what is pending bounds what else may be asked,
# whoever else is asking. An attempt that exists is only counted up, with its payment locked: who settles it
# at that moment might else miss the row that is being replaced, insert it, and wait for this while this waits.
_START = """
WITH locked AS MATERIALIZED (
    SELECT id FROM payments_payment WHERE id = %(payment_id)s FOR UPDATE
), again AS (
    UPDATE payments_attempt a SET tries = a.tries + %(asking)s,
        asked_at = CASE WHEN %(asking)s > 0 THEN statement_timestamp() ELSE a.asked_at END
    FROM locked
    WHERE a.id = %(attempt_id)s AND a.payment_id = locked.id AND a.operation = %(operation)s
    RETURNING a.payment_id, a.tries, a.status, a.amount, a.gateway_reference, a.decline_code, 0 AS fresh
), allowed AS (
    UPDATE payments_payment p
    SET {claim}, updated_at = now()
    WHERE p.id = %(payment_id)s AND NOT EXISTS (SELECT FROM again)
      AND NOT EXISTS (SELECT FROM payments_attempt WHERE id = %(attempt_id)s) AND {guard}
    RETURNING p.id, {amount} AS amount
), made AS (
    INSERT INTO payments_attempt (id, payment_id, operation, amount, reason, tries, asked_at)
    SELECT %(attempt_id)s, id, %(operation)s, amount, %(reason)s, %(asking)s,
           CASE WHEN %(asking)s > 0 THEN statement_timestamp() END
    FROM allowed
    RETURNING payment_id, tries, status, amount, gateway_reference, decline_code, 1 AS fresh
), either AS (SELECT * FROM again UNION ALL SELECT * FROM made)
SELECT e.fresh, e.tries, e.status, e.amount, e.gateway_reference, e.decline_code,
       p.order_id, p.merchant, p.provider, p.method, p.currency, p.voided
FROM either e JOIN payments_payment p ON p.id = e.payment_id
"""

_TO_CAPTURE = "coalesce(%(amount)s, p.authorized)"
_HELD = "p.authorized - p.captured - p.capture_pending"
_GUARDS: dict[Operation, tuple[str, str]] = {
    "authorize": ("authorized = p.authorized", "false"),
    "capture": (
        f"capture_pending = p.capture_pending + {_TO_CAPTURE}",
        f"NOT p.voided AND p.authorized > 0 AND {_HELD} >= {_TO_CAPTURE}",
    ),
    "refund": (
        "refund_pending = p.refund_pending + %(amount)s",
        "p.captured - p.refunded - p.refund_pending >= %(amount)s",
    ),
    "void": (
        "voided = p.voided",
        f"(p.captured = 0 OR {_HELD} > 0) AND NOT p.voided AND NOT (p.declined AND p.authorized = 0)",
    ),
}
_SQL = {
    operation: _START.format(
        claim=claim, guard=guard, amount=_HELD if operation == "void" else _TO_CAPTURE
    )
    for operation, (claim, guard) in _GUARDS.items()
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An attempt as it stands, with what the gateway must know of its payment."""

    fresh: int
    tries: int
    status: AttemptStatus
    amount: int
    gateway_reference: str
    decline_code: str
    order_id: UUID
    merchant: str
    provider: str
    method: str
    currency: str
    voided: bool


def open_payment(command: OpenPayment, *, asking: bool) -> Payment | None:
    """Insert a payment with its authorization attempt; None if that payment is there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN,
            {
                "payment_id": command.payment_id,
                "order_id": command.order_id,
                "merchant": command.merchant,
                "provider": command.provider,
                "method": command.method,
                "customer_id": command.customer_id,
                "guest_token_hash": command.guest_token_hash or "",
                "currency": command.amount.currency,
                "amount": command.amount.amount,
                "asking": int(asking),
            },
        )
        row = cursor.fetchone()
    return reading.from_row(row) if row else None


def start(
    operation: Operation,
    *,
    payment_id: UUID,
    attempt_id: UUID,
    amount: int | None = 0,
    reason: str = "",
    asking: bool = True,
) -> Asked | None:
    """Make the attempt if the payment allows it, or count up the one that is there; else None.

    An amount of None is all that is authorized; a void is of what is held still, whatever is said.
    """
    parameters: dict[str, Any] = {
        "operation": operation,
        "payment_id": payment_id,
        "attempt_id": attempt_id,
        "amount": amount,
        "reason": reason,
        "asking": int(asking),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL[operation], parameters)
        row = cursor.fetchone()
    return Asked(*row) if row else None
