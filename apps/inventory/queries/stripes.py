"""A hot level's units, counted out on several rows so that buyers do not queue on one.

Locks: levels first, then stripes by (SKU, location, number). Who picks one stripe holds no other of the SKU.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from apps.inventory.queries.opening import NewHold

STRIPES = 16
"""Rows per level. More of them than connections that write is waste, as leftovers get spread thinner."""

FREE = """(l.on_hand - l.reserved - l.allocated + coalesce(
    (SELECT sum(s.free) FROM inventory_stripe s WHERE s.level_id = l.id), 0))::int"""
"""What can be promised of a level ``l``, on its stripes too: for statements that have not gathered them."""

# The stripe is chosen first and locked alone: rows that were looked at and no longer have enough would
# stay locked until the transaction ends.
_PICK = """
WITH found AS MATERIALIZED (
    SELECT s.id, s.free, l.location_id, p.code
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    JOIN inventory_location p ON p.id = l.location_id AND p.active
    WHERE l.sku_id = %(sku_id)s AND s.open AND s.free >= %(units)s
    ORDER BY p.priority, random() LIMIT 1
    FOR UPDATE OF s SKIP LOCKED
)
UPDATE inventory_stripe s SET free = f.free - %(units)s
FROM found f WHERE s.id = f.id RETURNING f.location_id, f.code
"""

# One SKU, as baskets of a flash sale are: everything in one statement.
_RESERVE = """
WITH found AS MATERIALIZED (
    SELECT s.id, s.free, l.location_id, p.code
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    JOIN inventory_location p ON p.id = l.location_id AND p.active
    JOIN inventory_stockpolicy y ON y.sku_id = l.sku_id AND y.backordered = 0 AND NOT y.is_kit
    WHERE l.sku_id = %(sku_id)s AND s.open AND s.free >= %(units)s
    ORDER BY p.priority, random() LIMIT 1
    FOR UPDATE OF s SKIP LOCKED
), header AS (
    INSERT INTO inventory_reservation (id, order_id, status, expires_at, reference, asked)
    SELECT %(reservation_id)s, %(order_id)s, 'RESERVED',
           coalesce(%(expires_at)s, statement_timestamp() + %(ttl_seconds)s * interval '1 second'),
           %(reference)s, %(asked)s::jsonb
    FROM found
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id, expires_at, created_at
), taken AS (
    UPDATE inventory_stripe s SET free = f.free - %(units)s
    FROM found f, header WHERE s.id = f.id
), written AS (
    INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity)
    SELECT h.id, %(sku_id)s, f.location_id, %(units)s FROM header h, found f
)
SELECT h.id, h.expires_at, h.created_at, f.code FROM header h, found f
"""

_WAIT = """
WITH chosen AS MATERIALIZED (
    SELECT s.id, l.location_id, p.code
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    JOIN inventory_location p ON p.id = l.location_id AND p.active
    WHERE l.sku_id = %(sku_id)s AND s.open AND s.free >= %(units)s
    ORDER BY p.priority, random() LIMIT 1
), found AS MATERIALIZED (
    SELECT s.id, s.free, c.location_id, c.code FROM inventory_stripe s JOIN chosen c ON c.id = s.id
    WHERE s.free >= %(units)s FOR UPDATE OF s
)
UPDATE inventory_stripe s SET free = f.free - %(units)s
FROM found f WHERE s.id = f.id RETURNING f.location_id, f.code
"""

_GATHER = """
WITH pool AS MATERIALIZED (
    SELECT s.id, s.level_id, s.free, s.allocated
    FROM inventory_stripe s JOIN inventory_stocklevel l ON l.id = s.level_id
    WHERE l.sku_id = ANY(%(skus)s::uuid[])
    ORDER BY l.sku_id, l.location_id, s.number FOR UPDATE OF s
), sums AS (
    SELECT level_id, sum(free)::int AS free, sum(allocated)::int AS allocated FROM pool
    GROUP BY level_id
), emptied AS (
    UPDATE inventory_stripe s SET free = 0, allocated = 0
    FROM pool p WHERE s.id = p.id AND p.free + p.allocated > 0
), back AS (
    UPDATE inventory_stocklevel l
    SET reserved = l.reserved - k.free - k.allocated, allocated = l.allocated + k.allocated
    FROM sums k WHERE l.id = k.level_id RETURNING l.sku_id, l.location_id, k.free
)
SELECT b.sku_id, coalesce(sum(b.free) FILTER (WHERE p.active), 0)::bigint
FROM back b JOIN inventory_location p ON p.id = b.location_id GROUP BY b.sku_id
"""

# Not where somebody waits for units that are not there: what comes is theirs first. Nor where nothing is to be sold.
_SPREAD = """
WITH room AS MATERIALIZED (
    SELECT l.id, l.on_hand - l.reserved - l.allocated AS free,
           (SELECT count(*) FROM inventory_stripe s WHERE s.level_id = l.id AND s.open)::int AS stripes
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active
    JOIN inventory_stockpolicy y ON y.sku_id = l.sku_id AND y.counting <> 'plain' AND y.backordered = 0
    WHERE l.sku_id = ANY(%(skus)s::uuid[]) AND NOT l.held
), given AS (
    UPDATE inventory_stripe s
    SET free = s.free + r.free / r.stripes + (s.number < r.free %% r.stripes)::int
    FROM room r WHERE s.level_id = r.id AND s.open AND r.free > 0
)
UPDATE inventory_stocklevel l SET reserved = l.reserved + r.free
FROM room r WHERE l.id = r.id AND r.free > 0 AND r.stripes > 0
"""

_OPEN = """
INSERT INTO inventory_stripe (level_id, number)
SELECT l.id, n FROM inventory_stocklevel l, generate_series(0, %(stripes)s - 1) AS n
WHERE l.sku_id = ANY(%(skus)s::uuid[])
ON CONFLICT (level_id, number) DO UPDATE SET open = true
"""

_CLOSE = """
UPDATE inventory_stripe s SET open = false FROM inventory_stocklevel l
WHERE l.id = s.level_id AND l.sku_id = ANY(%(skus)s::uuid[])
"""


def pick(sku_id: UUID, units: int, *, waiting: bool) -> tuple[UUID, str] | None:
    """Take units from one stripe that has them all; says at which location, None where none was found.

    Without ``waiting`` it passes over stripes that others are at.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAIT if waiting else _PICK, {"sku_id": sku_id, "units": units})
        row: tuple[UUID, str] | None = cursor.fetchone()
    return row


def reserve(hold: NewHold) -> tuple[dict[str, Any], str] | None:
    """A new reservation of its one SKU from one stripe: its header, and at which location the units are.

    None where no stripe was free that has them all, or the order holds something already; locks of what
    was looked at may remain, so roll back to a savepoint then.
    """
    ((sku_id, units),) = hold.wanted.items()
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, hold.parameters() | {"sku_id": sku_id, "units": units})
        row = cursor.fetchone()
    if row is None:
        return None
    return dict(zip(("id", "expires_at", "created_at"), row[:3], strict=True)), row[3]


def gather(sku_ids: Collection[UUID]) -> dict[UUID, int]:
    """Take everything back to the levels, which the caller has locked.

    Says what came free of each SKU that has stripes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GATHER, {"skus": list(sku_ids)})
        return dict(cursor.fetchall())


def spread(sku_ids: Collection[UUID]) -> None:
    """Give what is free at the levels, which the caller has locked, out to their open stripes."""
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, {"skus": list(sku_ids)})


def set_open(sku_id: UUID, open_now: bool) -> None:
    """Make the stripes of a SKU's levels, or close them; the levels are locked, the stripes gathered."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN if open_now else _CLOSE, {"skus": [sku_id], "stripes": STRIPES})
