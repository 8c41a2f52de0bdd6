"""The invariants of stock, each as one query that finds only what is wrong."""

from django.db import connection

_FOUND = """
SELECT coalesce(l.sku_id, s.sku_id)::text || '@' || coalesce(p.code, q.code),
       coalesce(l.{column}, 0)::bigint, coalesce(s.units, 0)::bigint
FROM {levels} l
FULL JOIN ({source}) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
LEFT JOIN inventory_location p ON p.id = l.location_id
LEFT JOIN inventory_location q ON q.id = s.location_id
WHERE coalesce(l.{column}, 0) <> coalesce(s.units, 0)
ORDER BY 1 LIMIT 100
"""

# What a level says together with its stripes (models/policy.py).
_LEVELS = """(
    SELECT l.sku_id, l.location_id, l.on_hand, l.reserved - coalesce(t.free + t.allocated, 0) AS reserved,
           l.allocated + coalesce(t.allocated, 0) AS allocated
    FROM inventory_stocklevel l LEFT JOIN (
        SELECT level_id, sum(free) AS free, sum(allocated) AS allocated
        FROM inventory_stripe GROUP BY level_id) t ON t.level_id = l.id)"""

_LEDGER = """
SELECT sku_id, location_id, sum(delta) AS units FROM inventory_stockmovement GROUP BY 1, 2"""
_HELD = """
SELECT n.sku_id, n.location_id, sum(n.quantity - n.shipped - n.released) AS units
FROM inventory_reservationline n JOIN inventory_reservation r ON r.id = n.reservation_id
WHERE r.status = '{status}' GROUP BY 1, 2"""

_ON_HAND = _FOUND.format(column="on_hand", source=_LEDGER, levels="inventory_stocklevel")
_RESERVED = _FOUND.format(column="reserved", source=_HELD.format(status="RESERVED"), levels=_LEVELS)
_ALLOCATED = _FOUND.format(
    column="allocated", source=_HELD.format(status="CONFIRMED"), levels=_LEVELS
)
_BACKORDERED = """
SELECT coalesce(y.sku_id, b.sku_id)::text, coalesce(y.backordered, 0)::bigint, coalesce(b.units, 0)::bigint
FROM inventory_stockpolicy y FULL JOIN (
    SELECT sku_id, sum(quantity - filled - cancelled) AS units FROM inventory_backorder GROUP BY 1) b
    USING (sku_id)
WHERE coalesce(y.backordered, 0) <> coalesce(b.units, 0) ORDER BY 1 LIMIT 100
"""


def count_levels() -> int:
    """How many levels there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inventory_stocklevel")
        return int(cursor.fetchone()[0])


def on_hand_off() -> dict[str, tuple[int, int]]:
    """Levels whose on_hand is not the sum of their ledger, a hundred at most."""
    return _differences(_ON_HAND)


def reserved_off() -> dict[str, tuple[int, int]]:
    """Levels that reserve what no open reservation holds, or the reverse."""
    return _differences(_RESERVED)


def allocated_off() -> dict[str, tuple[int, int]]:
    """Likewise of what confirmed reservations hold."""
    return _differences(_ALLOCATED)


def backordered_off() -> dict[str, tuple[int, int]]:
    """SKUs whose policy counts other backordered units than wait in the queue."""
    return _differences(_BACKORDERED)


def _differences(sql: str) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {where: (says, should) for where, says, should in cursor.fetchall()}
