"""Stock taken from levels for an order: planned, locked, guarded and written in one statement."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.inventory.queries.opening import NewHold

# ``locked`` takes every level of the SKUs in (SKU, location) order, so that baskets that share SKUs
# queue up instead of deadlocking, and it returns the values as they are once the lock is held. A SKU
# goes whole to the first location that has it all, else it is split by priority. Nothing is written
# unless every SKU can be served in full. Nothing is even locked where a SKU needs more than this, by its
# policy: one look-up by the primary key, of a table that few SKUs have a row in.
#
# The UPDATE takes every number from ``locked`` and none from ``l``: those of ``l`` are of the snapshot
# from before the wait. PostgreSQL tests conditions and CHECK constraints with them first and fetches
# the newer row only after, so units that came free meanwhile would be passed over, or refused.
RESERVE = """
WITH wanted AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(quantities)s::int[]) AS w(sku_id, quantity)
), special AS MATERIALIZED (
    SELECT EXISTS (
        SELECT FROM inventory_stockpolicy y WHERE y.sku_id = ANY(%(skus)s::uuid[])
          AND (y.is_kit OR y.counting <> 'plain' OR y.backordered > 0)) AS found
), locked AS MATERIALIZED (
    SELECT l.id, l.sku_id, l.location_id, p.code, p.priority, l.on_hand, l.reserved, l.allocated,
           l.on_hand - l.reserved - l.allocated AS free
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active
    WHERE l.sku_id = ANY(%(skus)s::uuid[]) AND NOT l.held AND NOT (SELECT found FROM special)
    ORDER BY l.sku_id, l.location_id
    FOR UPDATE OF l
), ranked AS (
    SELECT k.*, w.quantity, sum(k.free) OVER (
        PARTITION BY k.sku_id ORDER BY k.free >= w.quantity DESC, k.priority, k.location_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far
    FROM locked k JOIN wanted w USING (sku_id)
), plan AS MATERIALIZED (
    SELECT id, sku_id, location_id, code, on_hand, reserved, allocated,
           greatest(0, least(free, quantity - (so_far - free)))::int AS take
    FROM ranked
), totals AS MATERIALIZED (
    SELECT w.sku_id, w.quantity, coalesce(sum(k.free), 0)::bigint AS available
    FROM wanted w LEFT JOIN locked k USING (sku_id) GROUP BY w.sku_id, w.quantity
), header AS (
    INSERT INTO inventory_reservation (id, order_id, status, expires_at, reference, asked)
    SELECT %(reservation_id)s, %(order_id)s, 'RESERVED',
           coalesce(%(expires_at)s, statement_timestamp() + %(ttl_seconds)s * interval '1 second'),
           %(reference)s, %(asked)s::jsonb
    WHERE NOT EXISTS (SELECT FROM totals WHERE available < quantity)
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id, expires_at, created_at
), taken AS (
    UPDATE inventory_stocklevel l
    SET on_hand = p.on_hand, reserved = p.reserved + p.take, allocated = p.allocated,
        updated_at = now()
    FROM plan p, header
    WHERE l.id = p.id AND p.take > 0
    RETURNING l.id
), written AS (
    INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity)
    SELECT h.id, p.sku_id, p.location_id, p.take FROM plan p, header h WHERE p.take > 0
    RETURNING sku_id
)
SELECT (SELECT row_to_json(h) FROM header h),
       (SELECT json_agg(t ORDER BY t.sku_id) FROM totals t),
       (SELECT json_agg(p ORDER BY p.sku_id, p.code) FROM plan p WHERE p.take > 0),
       (SELECT count(*) FROM taken), (SELECT count(*) FROM written),
       (SELECT found FROM special)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the statement did. ``header`` is None where it wrote nothing; ``special`` says that it did not
    even look, because a SKU is a kit, is counted on stripes or is waited for.
    """

    header: dict[str, Any] | None
    totals: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    special: bool


def parameters_of(hold: NewHold) -> dict[str, Any]:
    """What ``RESERVE`` is told."""
    wanted = {"skus": list(hold.wanted), "quantities": list(hold.wanted.values())}
    return hold.parameters() | wanted


def reserve(hold: NewHold) -> Taken:
    """Hold stock for a new reservation; writes nothing if one is short or the order has one."""
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, parameters_of(hold))
        header, totals, lines, taken, written, special = cursor.fetchone()
    if header is not None and not taken == written == len(lines or ()):
        raise RuntimeError(f"took {taken} of {len(lines or ())} levels: a level vanished")
    return Taken(header=header, totals=totals or [], lines=lines or [], special=special)
