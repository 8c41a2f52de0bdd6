"""Keeping SKUs from sale at a location, and letting them be sold again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

Where = tuple[UUID, UUID]
"""A SKU and a location."""

HELD = """EXISTS (
    SELECT FROM inventory_stockhold h
    WHERE h.sku_id = t.sku_id AND h.location_id = t.location_id AND h.lifted_at IS NULL)"""
"""Is a SKU ``t`` held at a location? For levels that are made later than their hold."""

# In the one order of locks, like everybody who takes from levels.
_LOCK = """
SELECT l.id, l.sku_id, l.location_id FROM inventory_stocklevel l
WHERE l.sku_id = ANY(%s::uuid[]) ORDER BY l.sku_id, l.location_id FOR UPDATE
"""

_HOLD = """
WITH wanted AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(reasons)s::text[])
        AS w(sku_id, location_id, reason)
), placed AS (
    INSERT INTO inventory_stockhold
        (id, sku_id, location_id, reason, reference, placed_by, lifted_by)
    SELECT gen_random_uuid(), sku_id, location_id, reason, %(reference)s, %(actor)s, ''
    FROM wanted
    ON CONFLICT (sku_id, location_id) WHERE lifted_at IS NULL DO NOTHING
)
UPDATE inventory_stocklevel SET held = true WHERE id = ANY(%(levels)s::uuid[]) AND NOT held
"""

_LIFT = """
WITH wanted AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[]) AS w(sku_id, location_id)
), lifted AS (
    UPDATE inventory_stockhold h SET lifted_by = %(actor)s, lifted_at = %(now)s
    FROM wanted w WHERE h.sku_id = w.sku_id AND h.location_id = w.location_id AND h.lifted_at IS NULL
      AND h.reference = coalesce(%(reference)s::text, h.reference)
    RETURNING h.sku_id, h.location_id
)
UPDATE inventory_stocklevel l SET held = false FROM lifted x
WHERE l.sku_id = x.sku_id AND l.location_id = x.location_id AND l.held
"""


def lock(places: Sequence[Where]) -> list[UUID]:
    """Hold every level of the SKUs until the transaction ends; the ids of the levels at these places."""
    wanted = set(places)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted({sku_id for sku_id, _ in places})])
        return [level for level, *place in cursor.fetchall() if tuple(place) in wanted]


def hold(
    places: Sequence[Where], reasons: Sequence[str], *, levels: Sequence[UUID], reference: str, actor: str
) -> None:  # fmt: skip
    """Keep them from sale; those that are held already stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD,
            {
                **_columns(places),
                "reasons": list(reasons),
                "levels": list(levels),
                "reference": reference,
                "actor": actor,
            },
        )


def lift(places: Sequence[Where], *, reference: str | None, actor: str, now: datetime) -> None:
    """Let them be sold again; with a ``reference``, those only that are held for it. The levels are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LIFT, {**_columns(places), "reference": reference, "actor": actor, "now": now}
        )


def _columns(places: Sequence[Where]) -> dict[str, list[UUID]]:
    return {
        "skus": [sku_id for sku_id, _ in places],
        "locations": [location_id for _, location_id in places],
    }
