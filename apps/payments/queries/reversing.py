"""Which payments hold money that is not ours to keep."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

_NOTE = """
INSERT INTO payments_knownorder (order_id, canceled, seen_at)
SELECT DISTINCT t.order_id, %(canceled)s, %(seen_at)s::timestamptz
FROM unnest(%(order_ids)s::uuid[]) AS t(order_id)
ON CONFLICT (order_id) DO UPDATE SET canceled = true
WHERE EXCLUDED.canceled AND NOT payments_knownorder.canceled
"""

_OPEN_PAYMENTS = """
INSERT INTO payments_reversal (id, payment_id, cause)
SELECT gen_random_uuid(), p.id, %(cause)s FROM payments_payment p
WHERE p.order_id = ANY(%(order_ids)s::uuid[])
  AND p.status NOT IN ('DECLINED', 'VOIDED', 'REFUNDED')
ON CONFLICT (payment_id) DO NOTHING
"""

# An order that we have not heard of counts as missing only once we have heard of orders that are
# much younger than the payment: a consumer that lags must not send anyone's money back.
_ORPHANS = """
INSERT INTO payments_reversal (id, payment_id, cause)
SELECT gen_random_uuid(), p.id,
       CASE WHEN k.canceled THEN 'the order was cancelled' ELSE 'there is no order' END
FROM payments_payment p LEFT JOIN payments_knownorder k USING (order_id)
WHERE p.status IN ('AUTHORIZED', 'CAPTURED', 'PARTIALLY_CAPTURED', 'PARTIALLY_REFUNDED')
  AND p.refund_pending = 0 AND p.created_at < %(before)s
  AND (k.canceled OR (k.order_id IS NULL AND p.created_at + %(grace)s < (
      SELECT max(seen_at) FROM payments_knownorder)))
ON CONFLICT (payment_id) DO UPDATE SET state = 'pending', next_try_at = now(), tries = 0
WHERE payments_reversal.state = 'done'
"""


def note_orders(order_ids: Collection[UUID], *, canceled: bool, seen_at: datetime) -> None:
    """Remember orders; that one was cancelled is never forgotten."""
    if order_ids:
        _run(_NOTE, order_ids=list(order_ids), canceled=canceled, seen_at=seen_at)


def add_for_orders(order_ids: Collection[UUID], cause: str) -> int:
    """Put down what these orders have paid or may have paid."""
    return _run(_OPEN_PAYMENTS, order_ids=list(order_ids), cause=cause) if order_ids else 0


def add_orphans(*, now: datetime, grace_seconds: int) -> int:
    """Put down what is held for cancelled orders, and for none."""
    grace = timedelta(seconds=grace_seconds)
    return _run(_ORPHANS, before=now - timedelta(minutes=1), grace=grace)


def _run(sql: str, **parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
