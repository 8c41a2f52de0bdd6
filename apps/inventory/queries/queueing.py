"""Units that are waited for: the queue of a SKU, first come, first served.

Locks as everywhere: reservations, levels by (SKU, location), policies by SKU.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

_LEAVE = """
WITH gone AS (
    UPDATE inventory_backorder SET cancelled = quantity - filled
    WHERE reservation_id = ANY(%s::uuid[]) AND quantity > filled + cancelled
    RETURNING sku_id, cancelled
), sums AS (
    SELECT sku_id, sum(cancelled)::int AS units FROM gone GROUP BY sku_id
), locked AS MATERIALIZED (
    SELECT y.sku_id, y.backordered, s.units FROM inventory_stockpolicy y JOIN sums s USING (sku_id)
    ORDER BY y.sku_id FOR UPDATE OF y
)
UPDATE inventory_stockpolicy y SET backordered = k.backordered - k.units
FROM locked k WHERE y.sku_id = k.sku_id
"""

_WAITED_FOR = """
SELECT sku_id FROM inventory_stockpolicy
WHERE (%(skus)s::uuid[] IS NULL OR sku_id = ANY(%(skus)s::uuid[])) AND backordered > 0 ORDER BY sku_id
"""

_FIRST = """
SELECT t.sku_id, b.reservation_id FROM unnest(%(skus)s::uuid[]) AS t(sku_id)
CROSS JOIN LATERAL (
    SELECT reservation_id FROM inventory_backorder
    WHERE sku_id = t.sku_id AND quantity > filled + cancelled ORDER BY id LIMIT %(limit)s
) b
"""

_HOLD = """
SELECT id FROM inventory_reservation WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
"""

_QUEUE = """
SELECT b.id, b.reservation_id, r.order_id, r.status, b.quantity - b.filled - b.cancelled
FROM inventory_backorder b JOIN inventory_reservation r ON r.id = b.reservation_id
WHERE b.sku_id = %(sku_id)s AND b.reservation_id = ANY(%(ids)s::uuid[])
  AND b.quantity > b.filled + b.cancelled
  AND (r.status = 'CONFIRMED' OR r.status = 'RESERVED' AND NOT r.lapsed AND r.expires_at > statement_timestamp())
ORDER BY b.id
"""

_FILL = """
WITH t AS (
    SELECT * FROM unnest(%(backorders)s::bigint[], %(reservations)s::uuid[], %(locations)s::uuid[],
                         %(units)s::int[], %(hard)s::bool[])
        AS t(id, reservation_id, location_id, units, hard)
), filled AS (
    UPDATE inventory_backorder b SET filled = b.filled + s.units
    FROM (SELECT id, sum(units)::int AS units FROM t GROUP BY id) s WHERE b.id = s.id
), written AS (
    INSERT INTO inventory_reservationline AS n (reservation_id, sku_id, location_id, quantity)
    SELECT reservation_id, %(sku_id)s, location_id, units FROM t
    ON CONFLICT (reservation_id, sku_id, location_id) DO UPDATE SET quantity = n.quantity + excluded.quantity
), policy AS (
    UPDATE inventory_stockpolicy SET backordered = backordered - (SELECT sum(units) FROM t)
    WHERE sku_id = %(sku_id)s
)
UPDATE inventory_stocklevel l
SET reserved = l.reserved + s.soft, allocated = l.allocated + s.hard, updated_at = now()
FROM (SELECT location_id, coalesce(sum(units) FILTER (WHERE NOT hard), 0)::int AS soft,
             coalesce(sum(units) FILTER (WHERE hard), 0)::int AS hard FROM t GROUP BY 1) s
WHERE l.sku_id = %(sku_id)s AND l.location_id = s.location_id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open backorder."""

    id: int
    reservation_id: UUID
    order_id: UUID
    status: str
    units: int


@dataclass(frozen=True, slots=True)
class Fill:
    """Units at a location for one who waits."""

    waiting: Waiting
    location_id: UUID
    units: int


def leave(reservation_ids: Collection[UUID]) -> None:
    """Closed reservations wait no longer; their rows and levels are locked."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, [list(reservation_ids)])


def waited_for(sku_ids: Collection[UUID] | None) -> list[UUID]:
    """The SKUs among these, or of all, that somebody waits for."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITED_FOR, {"skus": None if sku_ids is None else list(sku_ids)})
        return [sku_id for (sku_id,) in cursor.fetchall()]


def hold_first(sku_ids: Sequence[UUID], limit: int) -> dict[UUID, list[UUID]]:
    """Lock the reservations at the heads of these SKUs' queues, in one order; which they are, by SKU."""
    heads: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, {"skus": list(sku_ids), "limit": limit})
        for sku_id, reservation_id in cursor.fetchall():
            heads.setdefault(sku_id, []).append(reservation_id)
        cursor.execute(_HOLD, [[one for ids in heads.values() for one in ids]])
    return heads


def queue(sku_id: UUID, reservation_ids: Collection[UUID]) -> list[Waiting]:
    """Who of these still waits, in turn."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"sku_id": sku_id, "ids": list(reservation_ids)})
        return [Waiting(*row) for row in cursor.fetchall()]


def fill(sku_id: UUID, fills: Sequence[Fill]) -> None:
    """Give units of locked levels to locked reservations that wait for them."""
    parameters: dict[str, Any] = {
        "sku_id": sku_id,
        "backorders": [one.waiting.id for one in fills],
        "reservations": [one.waiting.reservation_id for one in fills],
        "locations": [one.location_id for one in fills],
        "units": [one.units for one in fills],
        "hard": [one.waiting.status == "CONFIRMED" for one in fills],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILL, parameters)
