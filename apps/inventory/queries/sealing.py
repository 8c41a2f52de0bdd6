"""The ledger as its sealer reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.inventory.domain.sealing import SealedMovement, SealedUnits
from ecommerce.sql import fetch_all

_LOCK = 7_203_544_019_002
"""The advisory lock of the one sealer of this ledger."""

_TAKE = """
WITH taken AS (
    DELETE FROM inventory_pendingmovement WHERE movement_id IN (
        SELECT movement_id FROM inventory_pendingmovement ORDER BY created_at, movement_id
        LIMIT %(limit)s)
    RETURNING movement_id, created_at
)
SELECT movement_id, created_at FROM taken ORDER BY movement_id
"""
_ROWS = """
SELECT id, sku_id, location_id, kind, delta, on_hand_after, damaged_delta, damaged_after, version,
       reason, reference, actor, causation_id, created_at
FROM inventory_stockmovement
WHERE id = ANY(%(ids)s) AND created_at BETWEEN %(since)s AND %(until)s
"""
_UNITS = """
SELECT l.movement_id, 'lot', l.lot_id, o.code, l.location_id, l.delta, l.kind, l.reference, l.moved_at
FROM inventory_movementlot l JOIN inventory_lot o ON o.id = l.lot_id
WHERE l.movement_id = ANY(%(ids)s)
UNION ALL
SELECT s.movement_id, 'serial', s.serial_id, u.number, NULL, NULL, s.kind, s.reference, s.moved_at
FROM inventory_movementserial s JOIN inventory_serial u ON u.id = s.serial_id
WHERE s.movement_id = ANY(%(ids)s)
"""
_STRAY = """
SELECT DISTINCT l.movement_id FROM (
    SELECT movement_id, moved_at FROM inventory_movementlot
    UNION ALL SELECT movement_id, moved_at FROM inventory_movementserial) l
LEFT JOIN inventory_stockmovement m ON m.id = l.movement_id AND m.created_at = l.moved_at
WHERE m.id IS NULL ORDER BY 1
"""
_UNSEALED = """
SELECT m.id FROM inventory_stockmovement m
LEFT JOIN (SELECT unnest(movement_ids) AS id FROM inventory_movementseal) s ON s.id = m.id
LEFT JOIN inventory_pendingmovement p ON p.movement_id = m.id
WHERE s.id IS NULL AND p.movement_id IS NULL ORDER BY m.id
"""


def take_pending(limit: int) -> list[tuple[UUID, datetime]]:
    """Movements taken out of the queue, by id; none where another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(_TAKE, {"limit": limit})
        taken: list[tuple[UUID, datetime]] = cursor.fetchall()
        return taken


def movements_of(
    ids: Sequence[UUID], since: datetime, until: datetime
) -> dict[UUID, SealedMovement]:
    """Those of these movements that are there, within that time, with their lots and serial numbers."""
    rows = fetch_all(_ROWS, ids=list(ids), since=since, until=until)
    units: dict[UUID, list[SealedUnits]] = {}
    for movement_id, *columns in fetch_all(_UNITS, ids=list(ids)):
        units.setdefault(movement_id, []).append(SealedUnits(*columns))
    return {
        row[0]: replace(SealedMovement(*row), units=tuple(units.get(row[0], ()))) for row in rows
    }


def strays() -> Iterator[UUID]:
    """Movements of which there are lots or serial numbers, but which the ledger does not have at that time."""
    for (movement_id,) in fetch_all(_STRAY):
        yield movement_id


def unsealed() -> Iterator[UUID]:
    """Movements that no seal has and that wait for none."""
    for (movement_id,) in fetch_all(_UNSEALED):
        yield movement_id
