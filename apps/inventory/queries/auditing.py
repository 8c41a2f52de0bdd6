"""The invariants of stock, each as one query that finds only what is wrong.

Each reads levels and what they must equal in one snapshot, so it may run while the shop sells. The
database adds up within ``work_mem`` and spills to its disk beyond; findings come through a cursor.
"""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection, transaction

from apps.inventory.domain.purchasing import Reason

_FOUND = """
SELECT coalesce(l.sku_id, s.sku_id)::text || '@' || coalesce(p.code, q.code),
       coalesce(l.{column}, 0)::bigint, coalesce(s.units, 0)::bigint
FROM {levels} l
FULL JOIN ({source}) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
LEFT JOIN inventory_location p ON p.id = l.location_id
LEFT JOIN inventory_location q ON q.id = s.location_id
WHERE coalesce(l.{column}, 0) <> coalesce(s.units, 0)
"""

# What a level says together with its stripes (models/policy.py).
_LEVELS = """(
    SELECT l.sku_id, l.location_id, l.on_hand, l.reserved - coalesce(t.free + t.allocated, 0) AS reserved,
           l.allocated + coalesce(t.allocated, 0) AS allocated
    FROM inventory_stocklevel l LEFT JOIN (
        SELECT level_id, sum(free) AS free, sum(allocated) AS allocated
        FROM inventory_stripe GROUP BY level_id) t ON t.level_id = l.id)"""

_PLAIN = "inventory_stocklevel"
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
"""
_ON_ORDER = """
SELECT coalesce(n.sku_id, c.sku_id)::text || '@' || p.code, coalesce(c.units, 0)::bigint,
       coalesce(n.units, 0)::bigint
FROM (
    SELECT n.sku_id, i.location_id, sum(greatest(0, n.expected - n.received - n.damaged)) AS units
    FROM inventory_inboundline n JOIN inventory_inbound i ON i.id = n.inbound_id
    LEFT JOIN inventory_purchaseorder o ON o.id = i.order_id
    WHERE i.state IN ('EXPECTED', 'PARTIALLY_RECEIVED')
      AND (o.id IS NULL OR o.state IN ('SENT', 'PARTIALLY_RECEIVED')) GROUP BY 1, 2
) n
FULL JOIN (
    SELECT sku_id, location_id, sum(delta) AS units FROM inventory_incomingchange
    WHERE reference LIKE 'inbound:%' GROUP BY 1, 2
) c USING (sku_id, location_id)
JOIN inventory_location p ON p.id = location_id
WHERE coalesce(c.units, 0) <> coalesce(n.units, 0)
"""
# Units that came broken: by the ledger's entries of their delivery, and as their differences say.
_BROKEN = f"""
SELECT n.sku_id::text || '@' || p.code, sum(n.units)::bigint, sum(m.units)::bigint
FROM (
    SELECT n.sku_id, i.location_id, n.inbound_id, sum(d.in_house) AS units
    FROM inventory_discrepancy d JOIN inventory_inboundline n ON n.id = d.line_id
    JOIN inventory_inbound i ON i.id = n.inbound_id
    WHERE d.kind = 'DAMAGED' GROUP BY 1, 2, 3
) n
JOIN inventory_location p ON p.id = n.location_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(v.damaged_delta), 0) AS units FROM inventory_stockmovement v
    WHERE v.reference = n.inbound_id::text AND v.sku_id = n.sku_id AND v.location_id = n.location_id
      AND v.reason IN ({", ".join(f"'{reason}'" for reason in Reason)})
) m
GROUP BY n.sku_id, p.code HAVING sum(n.units) <> sum(m.units)
"""
# Broken units that wait to be settled lie there; somebody has written them off by hand otherwise.
_WAITING = """
SELECT n.sku_id::text || '@' || p.code, l.damaged::bigint, sum(d.in_house)::bigint
FROM inventory_discrepancy d JOIN inventory_inboundline n ON n.id = d.line_id
JOIN inventory_inbound i ON i.id = n.inbound_id JOIN inventory_location p ON p.id = i.location_id
JOIN inventory_stocklevel l ON l.sku_id = n.sku_id AND l.location_id = i.location_id
WHERE d.state = 'OPEN' GROUP BY n.sku_id, p.code, l.damaged HAVING sum(d.in_house) > l.damaged
"""
# What broken units cost: claimed as long as their difference is open, then given back or written off.
_CLAIMED = """
SELECT n.sku_id::text || '@' || p.code, sum(c.cost)::bigint,
       sum(CASE WHEN d.state = 'OPEN' THEN d.cost_minor ELSE 0 END)::bigint
FROM inventory_discrepancy d
JOIN inventory_inboundline n ON n.id = d.line_id
JOIN inventory_inbound i ON i.id = n.inbound_id JOIN inventory_location p ON p.id = i.location_id
CROSS JOIN LATERAL (
    SELECT count(DISTINCT y.movement_id) AS layers, coalesce(sum(e.amount_minor), 0) AS cost
    FROM inventory_costlayer y LEFT JOIN inventory_costentry e ON e.layer_id = y.movement_id
    WHERE y.reference = d.id
) c
WHERE d.kind = 'DAMAGED' AND c.layers > 0
GROUP BY n.sku_id, p.code
HAVING sum(c.cost) <> sum(CASE WHEN d.state = 'OPEN' THEN d.cost_minor ELSE 0 END)
"""
_GAPS = """
SELECT l.sku_id::text || '@' || p.code, l.version::bigint, coalesce(m.entries, 0)::bigint
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
LEFT JOIN (
    SELECT sku_id, location_id, count(*) AS entries, max(version) AS last
    FROM inventory_stockmovement GROUP BY 1, 2
) m ON m.sku_id = l.sku_id AND m.location_id = l.location_id
WHERE (l.version, l.version) <> (coalesce(m.entries, 0), coalesce(m.last, 0))
"""
_HOLDS = """
SELECT l.sku_id::text || '@' || p.code, l.held::int::bigint, (h.id IS NOT NULL)::int::bigint
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
LEFT JOIN inventory_stockhold h
  ON h.sku_id = l.sku_id AND h.location_id = l.location_id AND h.lifted_at IS NULL
WHERE l.held <> (h.id IS NOT NULL)
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
"""
# Of the lot UNKNOWN alone there are units that no movement brought: those that lay there when lots began.
_LOT_LINES = """
SELECT o.sku_id::text || '@' || p.code || ' lot ' || o.code, coalesce(b.on_hand, 0)::bigint,
       coalesce(s.units, 0)::bigint
FROM (
    SELECT lot_id, location_id, sum(delta) AS units FROM inventory_movementlot GROUP BY 1, 2) s
FULL JOIN inventory_lotbalance b ON b.lot_id = s.lot_id AND b.location_id = s.location_id
JOIN inventory_lot o ON o.id = coalesce(b.lot_id, s.lot_id)
JOIN inventory_location p ON p.id = coalesce(b.location_id, s.location_id)
WHERE coalesce(b.on_hand, 0) <> coalesce(s.units, 0) AND o.code <> 'UNKNOWN'
"""
_MOVED = """
SELECT 'movement ' || l.movement_id::text, l.units::bigint, coalesce({delta}, 0)::bigint
FROM (SELECT movement_id, moved_at, {units} AS units FROM {table} GROUP BY 1, 2) l
LEFT JOIN inventory_stockmovement m ON m.id = l.movement_id AND m.created_at = l.moved_at
WHERE l.units <> coalesce({delta}, 0)
"""
_HELD = """
SELECT n.sku_id, n.location_id, sum(n.quantity - n.shipped - n.released) AS units
FROM inventory_reservationline n JOIN inventory_reservation r ON r.id = n.reservation_id
WHERE r.status = '{status}' GROUP BY 1, 2"""

_BACKORDERED = """
SELECT coalesce(y.sku_id, b.sku_id)::text, coalesce(y.backordered, 0)::bigint, coalesce(b.units, 0)::bigint
FROM inventory_stockpolicy y FULL JOIN (
    SELECT sku_id, sum(quantity - filled - cancelled) AS units FROM inventory_backorder GROUP BY 1) b
    USING (sku_id)
WHERE coalesce(y.backordered, 0) <> coalesce(b.units, 0)
"""

CHECKS = {
    "on hand": _FOUND.format(column="on_hand", source=_LEDGER.format(delta="delta"), levels=_PLAIN),
    "damaged": _FOUND.format(
        column="damaged", source=_LEDGER.format(delta="damaged_delta"), levels=_PLAIN
    ),
    "entries": _GAPS,
    "reserved": _FOUND.format(
        column="reserved", source=_HELD.format(status="RESERVED"), levels=_LEVELS
    ),
    "allocated": _FOUND.format(
        column="allocated", source=_HELD.format(status="CONFIRMED"), levels=_LEVELS
    ),
    "backordered": _BACKORDERED,
    "incoming": _FOUND.format(column="incoming", source=_ON_THE_WAY, levels=_PLAIN),
    "in transit": _IN_TRANSIT,
    "to be delivered": _ON_ORDER,
    "broken": _BROKEN,
    "broken and there": _WAITING,
    "claimed": _CLAIMED,
    "lots": _LOTS,
    "lots moved": _MOVED.format(delta="m.delta", units="sum(delta)", table="inventory_movementlot"),
    "numbers moved": _MOVED.format(
        delta="abs(m.delta)", units="count(*)", table="inventory_movementserial"
    ),
    "lot movements": _LOT_LINES,
    "held": _HOLDS,
}
"""What is checked, and how: (where, what is said, what it should be) of each difference."""

_SIZES = """
SELECT (SELECT count(*) FROM inventory_stocklevel), (SELECT count(*) FROM inventory_stockmovement),
       (SELECT count(*) FROM inventory_reservation)
"""
_BATCH = 500

Difference = tuple[str, int, int]


@contextmanager
def auditing(*, work_mem_mb: int = 64) -> Iterator[None]:
    """A transaction for checks: no limit on their time, one on the memory that each sort or sum may take."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', '0', true),"
            " set_config('work_mem', %s, true), set_config('hash_mem_multiplier', '1', true)",
            [f"{work_mem_mb}MB"],
        )
        yield


def sizes() -> tuple[int, int, int]:
    """How many levels, movements and reservations there are."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        levels, movements, reservations = cursor.fetchone()
        return levels, movements, reservations


def differences(check: str) -> Iterator[Difference]:
    """What a check finds, by a cursor of the server's."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHECKS[check])
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


def memory_gauge() -> Callable[[], tuple[int, int | None]]:
    """Says, when called later, the most memory in bytes that this process and its database's process ever had.

    The database's is known where it runs on this machine, else None.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    def peak() -> tuple[int, int | None]:
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        with suppress(OSError, ValueError, StopIteration):
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            if lines[0].endswith("postgres"):
                found = next(line for line in lines if line.startswith("VmHWM:"))
                return ours, int(found.split()[1]) * 1024
        return ours, None

    return peak
