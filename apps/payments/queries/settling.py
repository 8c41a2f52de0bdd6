"""What the gateway said, taken in: one statement per attempt, which does nothing the second time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.payments.domain.books import Account, Booking
from apps.payments.queries import reading
from apps.payments.types import Operation, Payment

# Only an attempt that is not settled yet changes anything, so a repeat, a webhook and a poll that
# tell of the same thing add up to one. Amounts are added, never set: any order of arrival will do.
# The payment is locked before its attempt, here as everywhere.
_SETTLE = """
WITH locked AS MATERIALIZED (
    SELECT id FROM payments_payment WHERE id = %(payment_id)s FOR UPDATE
), attempt AS (
    INSERT INTO payments_attempt AS a (id, payment_id, operation, amount, status,
        gateway_reference, decline_code, settled_at)
    SELECT %(attempt_id)s, p.id, %(operation)s, %(amount)s, %(status)s, %(reference)s,
           %(decline_code)s, %(now)s
    FROM locked p
    ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status, settled_at = EXCLUDED.settled_at,
        gateway_reference = EXCLUDED.gateway_reference, decline_code = EXCLUDED.decline_code
    WHERE a.status IN ('started', 'unknown')
    RETURNING a.id, a.payment_id, a.operation, a.amount, a.status = 'succeeded' AS won, xmax <> 0 AS ours
)
UPDATE payments_payment p SET
    authorized = p.authorized
        + CASE WHEN a.won AND a.operation = 'authorize' THEN least(%(amount)s, p.amount) ELSE 0 END,
    captured = p.captured + CASE WHEN a.won AND a.operation = 'capture' THEN a.amount ELSE 0 END,
    refunded = p.refunded + CASE WHEN a.won AND a.operation = 'refund' THEN a.amount ELSE 0 END,
    capture_pending = p.capture_pending
        - CASE WHEN a.ours AND a.operation = 'capture' THEN a.amount ELSE 0 END,
    refund_pending = p.refund_pending
        - CASE WHEN a.ours AND a.operation = 'refund' THEN a.amount ELSE 0 END,
    voided = p.voided OR (a.won AND a.operation = 'void'),
    declined = p.declined OR (NOT a.won AND a.operation = 'authorize'),
    gateway_reference = CASE WHEN a.operation = 'authorize' THEN %(reference)s
                             ELSE p.gateway_reference END,
    decline_code = CASE WHEN NOT a.won AND a.operation IN ('authorize', 'capture')
                        THEN %(decline_code)s ELSE p.decline_code END,
    updated_at = %(now)s
FROM attempt a WHERE p.id = a.payment_id
RETURNING a.amount, {returned}
"""
SETTLE = _SETTLE.format(returned=reading.RETURNED)

_BOOK = """
WITH accounts AS (
    INSERT INTO payments_ledgeraccount (code, kind)
    VALUES (%(debit)s, %(debit_kind)s), (%(credit)s, %(credit_kind)s)
    ON CONFLICT (code) DO NOTHING
), entry AS (
    INSERT INTO payments_journalentry (id, merchant, kind, reference, payment_id, order_id)
    VALUES (%(entry_id)s, %(merchant)s, %(kind)s, %(reference)s, %(payment_id)s, %(order_id)s)
    RETURNING id
)
INSERT INTO payments_journalline (entry_id, account_id, currency, debit, credit)
SELECT entry.id, l.account, %(currency)s, l.debit, l.credit
FROM entry, (VALUES (%(debit)s, %(amount)s, 0), (%(credit)s, 0, %(amount)s))
            AS l(account, debit, credit)
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """An attempt that was settled just now: how much it was about, and its payment since."""

    amount: int
    payment: Payment


def settle(
    *,
    payment_id: UUID,
    attempt_id: UUID,
    operation: Operation,
    status: str,
    amount: int,
    reference: str,
    decline_code: str,
    now: datetime,
) -> Settled | None:
    """Settle an attempt and let its payment follow; None if it was settled before."""
    parameters: dict[str, Any] = {
        "payment_id": payment_id,
        "attempt_id": attempt_id,
        "operation": operation,
        "status": status,
        "amount": amount,
        "reference": reference,
        "decline_code": decline_code,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, parameters)
        row = cursor.fetchone()
    return Settled(row[0], reading.from_row(row[1:])) if row else None


def book(
    booking: Booking,
    *,
    entry_id: UUID,
    reference: str,
    kind: str,
    settled: Settled,
) -> None:
    """Write a balanced journal entry. The unique reference refuses a second one."""
    parameters: dict[str, Any] = {
        "entry_id": entry_id,
        "payment_id": settled.payment.id,
        "order_id": settled.payment.order_id,
        "merchant": settled.payment.merchant,
        "currency": settled.payment.currency,
        "amount": settled.amount,
        "kind": kind,
        "reference": reference,
        **_named("debit", booking.debit),
        **_named("credit", booking.credit),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, parameters)


def _named(side: str, account: Account) -> dict[str, str]:
    return {side: account.code, f"{side}_kind": account.kind}
