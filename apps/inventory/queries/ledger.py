"""The one writer of on-hand: each change is a ledger entry and the level that follows from it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.inventory.queries.stock_holds import HELD
from apps.inventory.types import LotUnits
from ecommerce.context import current

MOST = 2**31 - 1
"""What a level's columns hold."""

# Every level of the SKUs is locked, in the one order of locks, and one is made where goods arrive
# for the first time. What follows then reads settled rows, so a repeat finds the first entry. Stripes that
# were made while it waited are not seen: what lies on them counts as reserved, and is refused to this one.
_LOCK = f"""
WITH arriving AS (
    INSERT INTO inventory_stocklevel
        (id, sku_id, location_id, seller, on_hand, reserved, allocated, version, held)
    SELECT gen_random_uuid(), t.sku_id, t.location_id, t.seller, 0, 0, 0, 0, {HELD}
    FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(sellers)s::text[], %(deltas)s::int[],
                %(damaged)s::int[]) AS t(sku_id, location_id, seller, delta, damaged)
    WHERE greatest(t.delta, t.damaged) > 0 AND NOT EXISTS (
        SELECT FROM inventory_stocklevel l
        WHERE l.sku_id = t.sku_id AND l.location_id = t.location_id)
    ORDER BY t.sku_id, t.location_id
    ON CONFLICT (sku_id, location_id) DO NOTHING
), locked AS (
    SELECT l.id, l.sku_id, p.active AND NOT l.held AS active,
           l.on_hand - l.reserved - l.allocated AS free
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE l.sku_id = ANY(%(skus)s::uuid[])
    ORDER BY l.sku_id, l.location_id FOR UPDATE OF l
)
SELECT sku_id, coalesce(sum(free) FILTER (WHERE active), 0)::bigint,
       bool_or(EXISTS (SELECT FROM inventory_stripe s WHERE s.level_id = k.id))
FROM locked k GROUP BY sku_id
"""

# The time of an entry is the statement's, taken when its level was locked already: so time runs the way
# that numbers do, which the start of a transaction would not.
_WRITE = f"""
WITH input AS (
    SELECT * FROM unnest(
        %(ids)s::uuid[], %(skus)s::uuid[], %(locations)s::uuid[], %(kinds)s::text[],
        %(deltas)s::int[], %(damaged)s::int[], %(unallocate)s::int[], %(reasons)s::text[],
        %(references)s::text[], %(actors)s::text[], %(causes)s::text[], %(keys)s::text[],
        %(versions)s::bigint[])
    AS t(id, sku_id, location_id, kind, delta, damaged, unallocate, reason, reference, actor, cause,
         key, version)
), fresh AS (
    SELECT i.* FROM input i WHERE i.key IS NULL OR NOT EXISTS (
        SELECT FROM inventory_movementkey k WHERE k.key = i.key)
), moved AS (
    UPDATE inventory_stocklevel l
    SET on_hand = l.on_hand + f.delta, damaged = l.damaged + f.damaged,
        allocated = l.allocated - f.unallocate, version = l.version + 1, updated_at = now(),
        moved_at = greatest(statement_timestamp(), l.moved_at)
    FROM fresh f
    WHERE l.sku_id = f.sku_id AND l.location_id = f.location_id
      AND l.on_hand::bigint + f.delta BETWEEN l.reserved + l.allocated - f.unallocate AND {MOST}
      AND l.damaged::bigint + f.damaged BETWEEN 0 AND {MOST} AND l.allocated >= f.unallocate AND l.version = coalesce(f.version, l.version)
    RETURNING l.sku_id, l.location_id, l.on_hand, l.damaged, l.version, l.moved_at
), entries AS (
    INSERT INTO inventory_stockmovement (id, sku_id, location_id, kind, delta, on_hand_after,
        damaged_delta, damaged_after, version, reason, reference, actor, causation_id, created_at)
    SELECT f.id, f.sku_id, f.location_id, f.kind, f.delta, m.on_hand, f.damaged, m.damaged,
           m.version, f.reason, f.reference, f.actor, f.cause, m.moved_at
    FROM fresh f JOIN moved m USING (sku_id, location_id)
    RETURNING id, sku_id, location_id, kind, delta, on_hand_after, damaged_delta, damaged_after,
              version, created_at
), keyed AS (
    INSERT INTO inventory_movementkey (key, movement_id, moved_at)
    SELECT f.key, f.id, m.moved_at FROM fresh f JOIN moved m USING (sku_id, location_id)
    WHERE f.key IS NOT NULL
)
SELECT coalesce(e.id, old.id), i.sku_id, p.code, coalesce(e.kind, old.kind, i.kind),
       coalesce(e.delta, old.delta, i.delta), coalesce(e.on_hand_after, old.on_hand_after, l.on_hand, 0),
       coalesce(l.reserved, 0), coalesce(l.allocated, 0) - coalesce(i.unallocate, 0) * (e.id IS NOT NULL)::int,
       coalesce(e.damaged_delta, old.damaged_delta, i.damaged),
       coalesce(e.damaged_after, old.damaged_after, l.damaged, 0),
       coalesce(e.version, old.version, l.version, 0),
       CASE WHEN e.id IS NOT NULL THEN 'applied' WHEN old.id IS NOT NULL THEN 'replayed'
            WHEN l.version <> i.version THEN 'stale' ELSE 'refused' END,
       e.created_at, coalesce(t.lots, false), coalesce(t.serials, false)
FROM input i JOIN inventory_location p ON p.id = i.location_id
LEFT JOIN entries e USING (sku_id, location_id)
LEFT JOIN inventory_stocklevel l USING (sku_id, location_id)
LEFT JOIN inventory_movementkey k ON k.key = i.key AND e.id IS NULL
LEFT JOIN inventory_stockmovement old ON old.id = k.movement_id AND old.created_at = k.moved_at
LEFT JOIN inventory_skutracking t ON t.sku_id = i.sku_id
ORDER BY array_position(%(ids)s::uuid[], i.id)
"""

_TOTALS = """
SELECT l.sku_id, coalesce(sum(l.on_hand - l.reserved - l.allocated) FILTER (WHERE NOT l.held), 0)::bigint
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active
WHERE l.sku_id = ANY(%s::uuid[]) GROUP BY l.sku_id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A ledger entry to write. ``unallocate`` is how much of it was promised to the order that it serves,
    ``damaged`` how many more or fewer units cannot be sold.

    ``cause`` is the event or request that it answers; if not said, the one that is being worked on.
    ``lots`` and ``serials`` name units of a SKU that are told apart; ``like`` says that they are those of
    another entry before this one.
    """

    id: UUID
    sku_id: UUID
    location_id: UUID
    kind: str
    delta: int
    reason: str
    seller: str
    damaged: int = 0
    reference: str = ""
    actor: str = ""
    cause: str = ""
    key: str | None = None
    unallocate: int = 0
    version: int | None = None
    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()
    like: UUID | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an entry: ``outcome`` is applied, replayed, refused or stale."""

    movement_id: UUID | None
    sku_id: UUID
    location: str
    kind: str
    delta: int
    on_hand: int
    reserved: int
    allocated: int
    damaged_delta: int
    damaged: int
    version: int
    outcome: str
    moved_at: datetime
    tracks_lots: bool
    tracks_serials: bool

    @property
    def tracked(self) -> bool:
        return self.tracks_lots or self.tracks_serials


def lock(entries: Sequence[Entry]) -> tuple[dict[UUID, int], set[UUID]]:
    """Hold every level of the entries' SKUs until the transaction ends.

    Says what can be promised of each, and which are counted on stripes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, _columns(entries))
        rows = cursor.fetchall()
    return {sku: free for sku, free, _ in rows}, {sku for sku, _, striped in rows if striped}


def write(entries: Sequence[Entry]) -> list[Written]:
    """Write entries whose levels are locked, each SKU and location at most once among them."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, _columns(entries))
        return [Written(*row) for row in cursor.fetchall()]


def totals(sku_ids: Collection[UUID]) -> dict[UUID, int]:
    """What can be promised of each SKU that has stock anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [list(sku_ids)])
        return dict(cursor.fetchall())


def cause_of_work() -> str:
    """The event that is being handled, or else the request; empty outside of both."""
    work = current()
    return (work.causation_id or work.correlation_id or work.request_id or "")[:100]


def _columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    cause = cause_of_work()
    return {
        "ids": [entry.id for entry in entries],
        "skus": [entry.sku_id for entry in entries],
        "locations": [entry.location_id for entry in entries],
        "sellers": [entry.seller for entry in entries],
        "kinds": [entry.kind for entry in entries],
        "deltas": [entry.delta for entry in entries],
        "damaged": [entry.damaged for entry in entries],
        "unallocate": [entry.unallocate for entry in entries],
        "reasons": [entry.reason for entry in entries],
        "references": [entry.reference for entry in entries],
        "actors": [entry.actor for entry in entries],
        "causes": [entry.cause or cause for entry in entries],
        "keys": [entry.key for entry in entries],
        "versions": [entry.version for entry in entries],
    }
