"""The invariants of stock, each as one query that finds only what is wrong."""

from django.db import connection

_FOUND = """
SELECT coalesce(l.sku_id, s.sku_id)::text || '@' || coalesce(p.code, q.code),
       coalesce(l.{column}, 0)::bigint, coalesce(s.units, 0)::bigint
FROM inventory_stocklevel l
FULL JOIN ({source}) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
LEFT JOIN inventory_location p ON p.id = l.location_id
LEFT JOIN inventory_location q ON q.id = s.location_id
WHERE coalesce(l.{column}, 0) <> coalesce(s.units, 0)
ORDER BY 1 LIMIT 100
"""

_LEDGER = """
SELECT sku_id, location_id, sum({delta}) AS units FROM inventory_stockmovement GROUP BY 1, 2"""
_ON_THE_WAY = """
SELECT sku_id, location_id, sum(delta) AS units FROM inventory_incomingchange GROUP BY 1, 2"""
_IN_TRANSIT = """
SELECT coalesce(t.sku_id, c.sku_id)::text || '@' || p.code, coalesce(c.units, 0)::bigint,
       coalesce(t.units, 0)::bigint
FROM (
    SELECT n.sku_id, t.destination_id AS location_id,
           sum(n.quantity - n.received - n.damaged - n.lost) AS units
    FROM inventory_stocktransferline n JOIN inventory_stocktransfer t ON t.id = n.transfer_id
    WHERE t.status IN ('IN_TRANSIT', 'PARTIALLY_RECEIVED') GROUP BY 1, 2
) t
FULL JOIN (
    SELECT sku_id, location_id, sum(delta) AS units FROM inventory_incomingchange
    WHERE reference LIKE 'transfer:%' GROUP BY 1, 2
) c USING (sku_id, location_id)
JOIN inventory_location p ON p.id = location_id
WHERE coalesce(c.units, 0) <> coalesce(t.units, 0)
ORDER BY 1 LIMIT 100
"""
_LOTS = """
SELECT l.sku_id::text || '@' || p.code, l.on_hand::bigint,
       CASE WHEN t.lots AND b.units <> l.on_hand THEN b.units ELSE s.units END
FROM inventory_skutracking t JOIN inventory_stocklevel l ON l.sku_id = t.sku_id
JOIN inventory_location p ON p.id = l.location_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.on_hand), 0)::bigint AS units FROM inventory_lotbalance b
    WHERE b.sku_id = l.sku_id AND b.location_id = l.location_id) b
CROSS JOIN LATERAL (
    SELECT count(*) AS units FROM inventory_serial s
    WHERE s.sku_id = l.sku_id AND s.location_id = l.location_id) s
WHERE t.lots AND b.units <> l.on_hand OR t.serials AND s.units <> l.on_hand
ORDER BY 1 LIMIT 100
"""
_HELD = """
SELECT n.sku_id, n.location_id, sum(n.quantity - n.shipped) AS units
FROM inventory_reservationline n JOIN inventory_reservation r ON r.id = n.reservation_id
WHERE r.status = '{status}' GROUP BY 1, 2"""

_ON_HAND = _FOUND.format(column="on_hand", source=_LEDGER.format(delta="delta"))
_DAMAGED = _FOUND.format(column="damaged", source=_LEDGER.format(delta="damaged_delta"))
_INCOMING = _FOUND.format(column="incoming", source=_ON_THE_WAY)
_RESERVED = _FOUND.format(column="reserved", source=_HELD.format(status="RESERVED"))
_ALLOCATED = _FOUND.format(column="allocated", source=_HELD.format(status="CONFIRMED"))


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


def damaged_off() -> dict[str, tuple[int, int]]:
    """Likewise of units that cannot be sold and the ledger."""
    return _differences(_DAMAGED)


def incoming_off() -> dict[str, tuple[int, int]]:
    """Levels that expect other units than were told to be on their way."""
    return _differences(_INCOMING)


def in_transit_off() -> dict[str, tuple[int, int]]:
    """Where other units were told to be on their way by transfers than open transfers carry."""
    return _differences(_IN_TRANSIT)


def lots_off() -> dict[str, tuple[int, int]]:
    """Levels of SKUs whose units are told apart that are not the sum of their lots, or of their numbers."""
    return _differences(_LOTS)


def _differences(sql: str) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {where: (says, should) for where, says, should in cursor.fetchall()}
