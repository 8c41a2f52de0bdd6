"""What the gateway said, taken in: one statement per attempt, which does nothing the second time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.payments.domain.books import Account, Booking
from apps.payments.queries import reading
from apps.payments.types import Operation, Payment
from ecommerce.ids import new_id

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
), settled AS (
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
    RETURNING a.amount AS moved, p.*
){booked}
SELECT p.moved, {returned} FROM settled p
"""

# A movement of money and its balanced entry, in one statement. The unique reference refuses a second one.
_BOOKED = """, sides AS (
    SELECT format(s.code, p.provider) AS code, s.kind, p.currency,
           CASE WHEN s.debited THEN p.moved ELSE 0 END AS debit,
           CASE WHEN s.debited THEN 0 ELSE p.moved END AS credit
    FROM settled p, (VALUES (%(debit)s::text, %(debit_kind)s::text, true),
                            (%(credit)s, %(credit_kind)s, false)) AS s(code, kind, debited)
), accounts AS (
    INSERT INTO payments_ledgeraccount (code, kind) SELECT code, kind FROM sides
    ON CONFLICT (code) DO NOTHING
), entry AS (
    INSERT INTO payments_journalentry (id, merchant, kind, reference, payment_id, order_id)
    SELECT %(entry_id)s, merchant, %(operation)s, %(entry)s, id, order_id FROM settled
    RETURNING id
), lines AS (
    INSERT INTO payments_journalline (entry_id, account_id, currency, debit, credit)
    SELECT entry.id, code, currency, debit, credit FROM entry, sides
)"""
SETTLE = _SETTLE.format(booked="", returned=reading.RETURNED)
SETTLE_AND_BOOK = _SETTLE.format(booked=_BOOKED, returned=reading.RETURNED)


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
    booking: Booking | None = None,
) -> Settled | None:
    """Settle an attempt and let its payment follow, and the books; None if it was settled before."""
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
    if booking:
        parameters |= {
            "entry_id": new_id(),
            "entry": f"{operation}:{attempt_id}",
            **_named("debit", booking.debit),
            **_named("credit", booking.credit),
        }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_AND_BOOK if booking else SETTLE, parameters)
        row = cursor.fetchone()
    return Settled(row[0], reading.from_row(row[1:])) if row else None


def _named(side: str, account: Account) -> dict[str, str]:
    return {side: account.code, f"{side}_kind": account.kind}
