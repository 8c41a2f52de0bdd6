"""What a reservation holds, turned into an allocation or given back: each in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

# As in taking.py: numbers come from the locked rows, never from the snapshot before the wait.
_LOCKED = """
locked AS MATERIALIZED (
    SELECT l.id, l.sku_id, l.location_id, p.active, l.on_hand, l.reserved, l.allocated,
           l.on_hand - l.reserved - l.allocated AS free
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE l.sku_id IN (SELECT sku_id FROM held)
    ORDER BY l.sku_id, l.location_id
    FOR UPDATE OF l
)"""

_SHIFTS = """
(SELECT json_agg(s ORDER BY s.sku_id) FROM (
    SELECT k.sku_id, coalesce(sum(k.free) FILTER (WHERE k.active), 0)::int AS before,
           coalesce(sum(k.free + coalesce(h.quantity, 0)) FILTER (WHERE k.active), 0)::int AS after
    FROM locked k LEFT JOIN held h USING (sku_id, location_id) GROUP BY k.sku_id
) s)"""

# The lines of a RESERVED reservation never change, so reading them by the snapshot of the
# statement that waited for the reservation's row is safe.
CONFIRM = """
WITH header AS (
    UPDATE inventory_reservation SET status = 'CONFIRMED'
    WHERE order_id = %(order_id)s AND status = 'RESERVED'
    RETURNING id, order_id, status, expires_at, created_at
), held AS (
    SELECT n.sku_id, n.location_id, n.quantity, p.code
    FROM inventory_reservationline n JOIN header h ON h.id = n.reservation_id
    JOIN inventory_location p ON p.id = n.location_id
), locked AS MATERIALIZED (
    SELECT l.id, l.on_hand, l.reserved, l.allocated, h.quantity FROM inventory_stocklevel l
    JOIN held h ON h.sku_id = l.sku_id AND h.location_id = l.location_id
    ORDER BY l.sku_id, l.location_id FOR UPDATE OF l
), moved AS (
    UPDATE inventory_stocklevel l SET on_hand = k.on_hand, reserved = k.reserved - k.quantity,
           allocated = k.allocated + k.quantity, updated_at = now()
    FROM locked k WHERE l.id = k.id RETURNING l.id
)
SELECT (SELECT row_to_json(h) FROM header h),
       (SELECT json_agg(h ORDER BY h.sku_id, h.code) FROM held h),
       (SELECT count(*) FROM moved)
"""

_RELEASE = """
WITH held AS (
    SELECT n.sku_id, n.location_id, n.quantity - n.shipped AS quantity
    FROM inventory_reservationline n
    WHERE n.reservation_id = %(reservation_id)s AND n.quantity > n.shipped
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

_EXPIRE = """
WITH due AS MATERIALIZED (
    SELECT id, order_id FROM inventory_reservation
    WHERE status = 'RESERVED' AND expires_at <= coalesce(%(now)s, statement_timestamp())
    ORDER BY expires_at LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE inventory_reservation r SET status = 'EXPIRED', closed_at = statement_timestamp()
    FROM due WHERE r.id = due.id RETURNING r.id
), items AS (
    SELECT n.reservation_id, n.sku_id, n.location_id, n.quantity
    FROM inventory_reservationline n JOIN closed c ON c.id = n.reservation_id
), held AS (
    SELECT sku_id, location_id, sum(quantity)::int AS quantity FROM items GROUP BY 1, 2
), {locked}, given AS (
    UPDATE inventory_stocklevel l SET on_hand = k.on_hand, reserved = k.reserved - h.quantity,
           allocated = k.allocated, updated_at = now()
    FROM held h JOIN locked k USING (sku_id, location_id) WHERE l.id = k.id
    RETURNING l.id
)
SELECT {shifts},
       (SELECT json_agg(d) FROM (
            SELECT due.id, due.order_id,
                   json_agg(json_build_object('sku_id', i.sku_id, 'quantity', i.quantity,
                                              'code', p.code) ORDER BY i.sku_id, p.code) AS items
            FROM due JOIN items i ON i.reservation_id = due.id
            JOIN inventory_location p ON p.id = i.location_id
            GROUP BY due.id, due.order_id
        ) d),
       (SELECT count(*) FROM given)
"""

RELEASE = _RELEASE.format(locked=_LOCKED, shifts=_SHIFTS)
EXPIRE = _EXPIRE.format(locked=_LOCKED, shifts=_SHIFTS)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The reservation that became an allocation; ``header`` is None where none was waiting."""

    header: dict[str, Any] | None
    lines: list[dict[str, Any]]


def confirm(*, order_id: UUID) -> Confirmed:
    """Turn what is reserved for an order into an allocation."""
    header, lines, moved = _row(CONFIRM, order_id=order_id)
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
    shifts, gone, _ = _row(EXPIRE, now=now, limit=limit)
    return shifts or [], gone or []


def _row(sql: str, **parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
