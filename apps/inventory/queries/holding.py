"""What a reservation holds, turned into an allocation or given back: each in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.inventory.queries.stripes import STRIPES

# As in taking.py: numbers come from the locked rows, never from the snapshot before the wait.
_LOCKED = """
locked AS MATERIALIZED (
    SELECT l.id, l.sku_id, l.location_id, p.active AND NOT l.held AS active, l.on_hand, l.reserved, l.allocated,
           l.on_hand - l.reserved - l.allocated AS free
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE l.sku_id IN (SELECT sku_id FROM named)
    ORDER BY l.sku_id, l.location_id
    FOR UPDATE OF l
)"""

# Not of hot SKUs: what their levels say is not all that there is. They are told of by announce_hot.
_SHIFTS = """
(SELECT json_agg(s ORDER BY s.sku_id) FROM (
    SELECT k.sku_id, coalesce(sum(k.free) FILTER (WHERE k.active), 0)::bigint AS before,
           coalesce(sum(k.free + coalesce(h.quantity, 0)) FILTER (WHERE k.active), 0)::bigint AS after
    FROM locked k LEFT JOIN held h USING (sku_id, location_id)
    WHERE NOT EXISTS (
        SELECT FROM inventory_stockpolicy y WHERE y.sku_id = k.sku_id AND y.counting <> 'plain')
    GROUP BY k.sku_id
) s)"""

# The lines of a RESERVED reservation that has not lapsed never change, so reading them by the snapshot
# of the statement that waited for the reservation's row is safe; unless units that it waits for are put
# to them: one with extras is locked first, and read by another statement. Units of a level that has stripes are
# allocated on one of them (models/policy.py): which one does not matter, only the sum does.
CONFIRM = """
WITH header AS (
    UPDATE inventory_reservation SET status = 'CONFIRMED'
    WHERE order_id = %(order_id)s AND status = 'RESERVED' AND NOT lapsed AND (NOT extras OR %(locked)s)
    RETURNING id, order_id, status, expires_at, created_at, reference, extras
), held AS (
    SELECT n.sku_id, n.location_id, n.quantity, p.code
    FROM inventory_reservationline n JOIN header h ON h.id = n.reservation_id
    JOIN inventory_location p ON p.id = n.location_id
), counted AS (
    SELECT h.*, l.id AS level_id, s.id AS stripe_id FROM held h
    JOIN inventory_stocklevel l ON l.sku_id = h.sku_id AND l.location_id = h.location_id
    LEFT JOIN inventory_stripe s ON s.level_id = l.id AND s.open AND s.number = %(stripe)s
), locked AS MATERIALIZED (
    SELECT l.id, l.on_hand, l.reserved, l.allocated, c.quantity FROM inventory_stocklevel l
    JOIN counted c ON c.level_id = l.id AND c.stripe_id IS NULL
    ORDER BY l.sku_id, l.location_id FOR UPDATE OF l
), stripes AS MATERIALIZED (
    SELECT s.id, s.free, s.allocated, c.quantity FROM inventory_stripe s
    JOIN counted c ON c.stripe_id = s.id
    WHERE (SELECT count(*) FROM locked) IS NOT NULL
    ORDER BY c.sku_id, c.location_id FOR UPDATE OF s
), on_stripes AS (
    UPDATE inventory_stripe s SET free = k.free, allocated = k.allocated + k.quantity
    FROM stripes k WHERE s.id = k.id RETURNING s.id
), moved AS (
    UPDATE inventory_stocklevel l SET on_hand = k.on_hand, reserved = k.reserved - k.quantity,
           allocated = k.allocated + k.quantity, updated_at = now()
    FROM locked k WHERE l.id = k.id RETURNING l.id
)
SELECT (SELECT row_to_json(h) FROM header h),
       (SELECT json_agg(h ORDER BY h.sku_id, h.code) FROM held h),
       (SELECT count(*) FROM moved) + (SELECT count(*) FROM on_stripes)
"""

_RELEASE = """
WITH named AS (
    SELECT sku_id FROM inventory_reservationline WHERE reservation_id = %(reservation_id)s
), held AS (
    SELECT n.sku_id, n.location_id, n.quantity - n.shipped - n.released AS quantity
    FROM inventory_reservationline n
    WHERE n.reservation_id = %(reservation_id)s AND n.quantity > n.shipped + n.released
), {locked}, closed AS (
    UPDATE inventory_reservation
    SET status = %(status)s, reason = %(reason)s, closed_at = statement_timestamp()
    WHERE id = %(reservation_id)s
), given AS (
    UPDATE inventory_stocklevel l
    SET on_hand = k.on_hand,
        reserved = k.reserved - CASE WHEN %(soft)s THEN h.quantity ELSE 0 END,
        allocated = k.allocated - CASE WHEN %(soft)s THEN 0 ELSE h.quantity END,
        updated_at = now()
    FROM held h JOIN locked k USING (sku_id, location_id) WHERE l.id = k.id
    RETURNING l.id
)
SELECT {shifts}, (SELECT count(*) FROM given)
"""

# Levels before reservations, and no waiting for those: whoever takes stock and finds a hold overdue does
# it in this order too (assembling.py), so that it never meets a sweep that has the hold and waits for the
# level. The first statement looks for what nobody is at; its locks are given up again at once.
_DUE = """
SELECT id FROM inventory_reservation
WHERE status = 'RESERVED' AND expires_at <= coalesce(%(now)s, statement_timestamp())
ORDER BY expires_at LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
"""

_LOCK_OF = """
SELECT l.id FROM inventory_stocklevel l
WHERE l.sku_id IN (
    SELECT sku_id FROM inventory_reservationline WHERE reservation_id = ANY(%(ids)s::uuid[])
    UNION SELECT sku_id FROM inventory_backorder WHERE reservation_id = ANY(%(ids)s::uuid[]))
ORDER BY l.sku_id, l.location_id FOR UPDATE
"""

_HOLD_DUE = """
SELECT id FROM inventory_reservation
WHERE id = ANY(%(ids)s::uuid[]) AND status = 'RESERVED'
  AND expires_at <= coalesce(%(now)s, statement_timestamp())
FOR UPDATE SKIP LOCKED
"""

_EXPIRE = """
WITH due AS MATERIALIZED (
    SELECT id, order_id, reference, extras FROM inventory_reservation WHERE id = ANY(%(ids)s::uuid[])
), closed AS (
    UPDATE inventory_reservation r SET status = 'EXPIRED', closed_at = statement_timestamp()
    FROM due WHERE r.id = due.id RETURNING r.id
), items AS (
    SELECT n.reservation_id, n.sku_id, n.location_id, n.quantity, n.released
    FROM inventory_reservationline n JOIN closed c ON c.id = n.reservation_id
), named AS (
    SELECT DISTINCT sku_id FROM items
), held AS (
    SELECT sku_id, location_id, sum(quantity - released)::int AS quantity FROM items
    WHERE quantity > released GROUP BY 1, 2
), {locked}, given AS (
    UPDATE inventory_stocklevel l SET on_hand = k.on_hand, reserved = k.reserved - h.quantity,
           allocated = k.allocated, updated_at = now()
    FROM held h JOIN locked k USING (sku_id, location_id) WHERE l.id = k.id
    RETURNING l.id
)
SELECT {shifts},
       (SELECT json_agg(d) FROM (
            SELECT due.id, due.order_id, due.reference, due.extras,
                   coalesce((SELECT json_agg(json_build_object(
                        'sku_id', i.sku_id, 'quantity', i.quantity, 'code', p.code)
                        ORDER BY i.sku_id, p.code)
                    FROM items i JOIN inventory_location p ON p.id = i.location_id
                    WHERE i.reservation_id = due.id), '[]') AS items
            FROM due
        ) d),
       (SELECT count(*) FROM given)
"""

_EXTEND = """
UPDATE inventory_reservation
SET expires_at = greatest(expires_at, least(%(until)s, created_at + %(cap)s))
WHERE id = %(reservation_id)s AND status = 'RESERVED' AND NOT lapsed AND expires_at > %(now)s
RETURNING expires_at
"""

RELEASE = _RELEASE.format(locked=_LOCKED, shifts=_SHIFTS)
EXPIRE = _EXPIRE.format(locked=_LOCKED, shifts=_SHIFTS)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The reservation that became an allocation; ``header`` is None where none was waiting."""

    header: dict[str, Any] | None
    lines: list[dict[str, Any]]


def confirm(*, order_id: UUID, locked: bool = False) -> Confirmed:
    """Turn what is reserved for an order into an allocation; one with extras only if it is ``locked``."""
    header, lines, moved = _row(
        CONFIRM, order_id=order_id, stripe=order_id.int % STRIPES, locked=locked
    )
    if moved != len(lines or ()):
        raise RuntimeError(f"confirmed {moved} of {len(lines or ())} levels of order {order_id}")
    return Confirmed(header=header, lines=lines or [])


def release(*, reservation_id: UUID, status: str, reason: str, soft: bool) -> list[dict[str, Any]]:
    """Close a reservation whose row the caller has locked; returns the shifts of availability."""
    shifts, _ = _row(
        RELEASE, reservation_id=reservation_id, status=status, reason=reason, soft=soft
    )
    return shifts or []


def expire(
    *, now: datetime | None, limit: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Close what is overdue; returns the shifts of availability and the reservations."""
    ids = _due(now=now, limit=limit)
    if not ids:
        return [], []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_OF, {"ids": ids})
        cursor.execute(_HOLD_DUE, {"ids": ids, "now": now})
        ids = [reservation_id for (reservation_id,) in cursor.fetchall()]
    shifts, gone, _ = _row(EXPIRE, ids=ids)
    return shifts or [], gone or []


def extend(*, reservation_id: UUID, now: datetime, until: datetime, cap: timedelta) -> bool:
    """Let a hold that still runs run longer, never shorter; says whether there was one."""
    parameters: dict[str, Any] = {
        "reservation_id": reservation_id,
        "now": now,
        "until": until,
        "cap": cap,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXTEND, parameters)
        return bool(cursor.rowcount == 1)


def _due(*, now: datetime | None, limit: int) -> list[UUID]:
    savepoint = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "limit": limit})
        ids = [reservation_id for (reservation_id,) in cursor.fetchall()]
    transaction.savepoint_rollback(savepoint)
    return ids


def _row(sql: str, **parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
