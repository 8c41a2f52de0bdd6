"""A hold put together step by step, for what the one statement of taking.py does not do.

Kits, backorders, parts, chosen locations, hot SKUs, and holds that ran out and whose units are wanted
again. Locks: the reservation, levels by (SKU, location), stripes, policies by SKU. Overdue holds of others
come after the levels, and only those that nobody is at.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.inventory.domain.planning import Rule, Shelf
from apps.inventory.queries.opening import NewHold

_CHANCE = """
SELECT EXISTS (SELECT FROM inventory_reservation WHERE order_id = %(order_id)s),
    EXISTS (SELECT FROM inventory_stockpolicy
            WHERE sku_id = ANY(%(skus)s::uuid[]) AND oversell <> 'deny')
    OR EXISTS (
        SELECT FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
        WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp()
          AND n.sku_id = ANY(%(skus)s::uuid[]) AND n.released = 0)
    OR EXISTS (
        SELECT FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
        WHERE l.sku_id = ANY(%(skus)s::uuid[]) AND s.free > 0)
"""

_RULES = """
WITH parts AS MATERIALIZED (
    SELECT kit_sku_id, component_sku_id, quantity FROM inventory_kitcomponent
    WHERE kit_sku_id = ANY(%(skus)s::uuid[])
), every AS (
    SELECT unnest(%(skus)s::uuid[]) AS sku_id UNION SELECT component_sku_id FROM parts
)
SELECT e.sku_id, coalesce(y.oversell, 'deny'), coalesce(y.oversell_limit, 0),
       coalesce(y.backordered, 0), y.promised_at, y.lead_days, y.valid_from, y.valid_until,
       coalesce(y.counting, 'plain'),
       (SELECT json_object_agg(c.component_sku_id, c.quantity) FROM parts c WHERE c.kit_sku_id = e.sku_id)
FROM every e LEFT JOIN inventory_stockpolicy y USING (sku_id)
"""

_LOCK_POLICIES = """
SELECT sku_id FROM inventory_stockpolicy WHERE sku_id = ANY(%s::uuid[]) ORDER BY sku_id FOR UPDATE
"""

_OPEN = """
INSERT INTO inventory_reservation (id, order_id, status, expires_at, reference, asked)
VALUES (%(reservation_id)s, %(order_id)s, 'RESERVED',
        coalesce(%(expires_at)s, statement_timestamp() + %(ttl_seconds)s * interval '1 second'),
        %(reference)s, %(asked)s::jsonb)
ON CONFLICT (order_id) DO NOTHING
RETURNING id, expires_at, created_at
"""

_LOCK_LEVELS = """
SELECT id FROM inventory_stocklevel WHERE sku_id = ANY(%s::uuid[])
ORDER BY sku_id, location_id FOR UPDATE
"""

_SHELVES = """
SELECT l.sku_id, l.location_id, p.code, p.priority, l.on_hand - l.reserved - l.allocated
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active
WHERE l.sku_id = ANY(%s::uuid[]) AND NOT l.held
ORDER BY l.sku_id, l.location_id
"""

# The hold is marked, so that a payment that waits for its row sees that it no longer stands; the sweep
# closes it and gives back its other lines, whose levels are not ours to lock now.
_FREE_OVERDUE = """
WITH due AS MATERIALIZED (
    SELECT r.id FROM inventory_reservation r
    WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp() AND r.id <> %(but)s
      AND EXISTS (
        SELECT FROM inventory_reservationline n
        JOIN inventory_location p ON p.id = n.location_id AND p.active
        WHERE n.reservation_id = r.id AND n.sku_id = ANY(%(skus)s::uuid[]) AND n.released = 0)
    ORDER BY r.expires_at LIMIT 1000
    FOR UPDATE OF r SKIP LOCKED
), marked AS (
    UPDATE inventory_reservation r SET lapsed = true FROM due WHERE r.id = due.id
), freed AS (
    UPDATE inventory_reservationline n SET released = n.quantity
    FROM due, inventory_location p
    WHERE n.reservation_id = due.id AND n.sku_id = ANY(%(skus)s::uuid[]) AND n.released = 0
      AND p.id = n.location_id AND p.active
    RETURNING n.sku_id, n.location_id, n.quantity
), sums AS (
    SELECT sku_id, location_id, sum(quantity)::int AS units FROM freed GROUP BY 1, 2
)
UPDATE inventory_stocklevel l SET reserved = l.reserved - s.units, updated_at = now()
FROM sums s WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
"""

_TAKE = """
WITH t AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(units)s::int[], %(striped)s::bool[])
        AS t(sku_id, location_id, units, striped)
), moved AS (
    UPDATE inventory_stocklevel l
    SET reserved = l.reserved + CASE WHEN %(hard)s THEN 0 ELSE t.units END,
        allocated = l.allocated + CASE WHEN %(hard)s THEN t.units ELSE 0 END, updated_at = now()
    FROM t WHERE l.sku_id = t.sku_id AND l.location_id = t.location_id AND NOT t.striped
    RETURNING l.id
), written AS (
    INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity)
    SELECT %(reservation_id)s, sku_id, location_id, units FROM t
    RETURNING sku_id, location_id, quantity
)
SELECT (SELECT count(*) FROM moved),
       (SELECT json_agg(json_build_object('sku_id', w.sku_id, 'code', p.code, 'quantity', w.quantity)
                        ORDER BY w.sku_id, p.code)
        FROM written w JOIN inventory_location p ON p.id = w.location_id)
"""

_NOTE_KITS = """
INSERT INTO inventory_reservedkit
    (reservation_id, kit_sku_id, component_sku_id, per_kit, quantity)
SELECT %(reservation_id)s, * FROM unnest(
    %(kits)s::uuid[], %(components)s::uuid[], %(each)s::int[], %(quantities)s::int[])
ON CONFLICT DO NOTHING
"""

_NOTE_BEYOND = """
WITH t AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(units)s::int[], %(promised)s::timestamptz[])
        AS t(sku_id, units, promised_at)
), queued AS (
    INSERT INTO inventory_backorder (reservation_id, sku_id, quantity, promised_at)
    SELECT %(reservation_id)s, sku_id, units, promised_at FROM t
)
UPDATE inventory_stockpolicy y SET backordered = y.backordered + t.units
FROM t WHERE y.sku_id = t.sku_id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Take:
    """Units to take at a location; ``striped`` ones have left their stripe already."""

    sku_id: UUID
    location_id: UUID
    units: int
    striped: bool = False


def chance(order_id: UUID, sku_ids: Collection[UUID]) -> tuple[bool, bool]:
    """Does the order hold something already? Could the slower way find units where the fast one did not?"""
    row = _one(_CHANCE, {"order_id": order_id, "skus": list(sku_ids)})
    return bool(row[0]), bool(row[1])


def rules(sku_ids: Collection[UUID]) -> dict[UUID, Rule]:
    """The policy of each SKU and of the components of those that are kits."""
    with connection.cursor() as cursor:
        cursor.execute(_RULES, {"skus": list(sku_ids)})
        return {row[0]: _rule(row) for row in cursor.fetchall()}


def lock_policies(sku_ids: Collection[UUID]) -> None:
    """Hold the policies of these SKUs, so that what they allow is counted by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_POLICIES, [list(sku_ids)])


def open_header(hold: NewHold) -> dict[str, Any] | None:
    """A new reservation without lines; None where the order has one."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, hold.parameters())
        row = cursor.fetchone()
    if row is None:
        return None
    return dict(zip(("id", "expires_at", "created_at"), row, strict=True))


def lock_levels(sku_ids: Collection[UUID]) -> None:
    """Hold every level of these SKUs, active or not, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LEVELS, [list(sku_ids)])


def shelves(sku_ids: Collection[UUID], *, lock: bool = False) -> list[Shelf]:
    """What can be promised of each SKU at each active location, in the one order of locks."""
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES + ("FOR UPDATE OF l" if lock else ""), [list(sku_ids)])
        return [
            Shelf(sku_id=sku, location_id=location, code=code, priority=priority, free=free)
            for sku, location, code, priority, free in cursor.fetchall()
        ]


def free_overdue(sku_ids: Collection[UUID], *, but: UUID) -> bool:
    """Give back what holds that ran out keep of these SKUs, whose levels are locked; was there any?"""
    with connection.cursor() as cursor:
        cursor.execute(_FREE_OVERDUE, {"skus": list(sku_ids), "but": but})
        return bool(cursor.rowcount > 0)


def take(reservation_id: UUID, takes: Sequence[Take], *, hard: bool) -> list[dict[str, Any]]:
    """Write the lines of a reservation, and what they take of levels that are locked."""
    if not takes:
        return []
    parameters = {
        "reservation_id": reservation_id,
        "hard": hard,
        "skus": [one.sku_id for one in takes],
        "locations": [one.location_id for one in takes],
        "units": [one.units for one in takes],
        "striped": [one.striped for one in takes],
    }
    moved, lines = _one(_TAKE, parameters)
    if moved != sum(not one.striped for one in takes):
        raise RuntimeError(f"took {moved} of {len(takes)} levels: a level vanished")
    return list(lines)


def note_kits(reservation_id: UUID, kits: Iterable[tuple[UUID, UUID, int, int]]) -> None:
    """Remember kits: (kit, component, units per kit, kits) each."""
    columns = list(zip(*kits, strict=True))
    names = ("kits", "components", "each", "quantities")
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_KITS,
            {
                "reservation_id": reservation_id,
                **{name: list(column) for name, column in zip(names, columns, strict=True)},
            },
        )


def note_beyond(reservation_id: UUID, queued: Sequence[tuple[UUID, int, datetime | None]]) -> None:
    """Queue units that are not there: (SKU, units, promised for) each; the policies are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE_BEYOND,
            {
                "reservation_id": reservation_id,
                "skus": [sku_id for sku_id, _, _ in queued],
                "units": [units for _, units, _ in queued],
                "promised": [at for _, _, at in queued],
            },
        )


def _rule(row: tuple[Any, ...]) -> Rule:
    return Rule(
        sku_id=row[0],
        oversell=row[1],
        oversell_limit=row[2],
        backordered=row[3],
        promised_at=row[4],
        lead_days=row[5],
        valid_from=row[6],
        valid_until=row[7],
        counting=row[8],
        components={UUID(sku): units for sku, units in (row[9] or {}).items()},
    )


def _one(sql: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
