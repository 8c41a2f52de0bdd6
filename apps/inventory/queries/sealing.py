"""The ledger as its sealer reads it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.inventory.domain.sealing import SealedMovement
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
    """Those of these movements that are there, within that time: one statement."""
    rows = fetch_all(_ROWS, ids=list(ids), since=since, until=until)
    return {row[0]: SealedMovement(*row) for row in rows}


def unsealed() -> Iterator[UUID]:
    """Movements that no seal has and that wait for none."""
    for (movement_id,) in fetch_all(_UNSEALED):
        yield movement_id
