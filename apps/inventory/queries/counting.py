"""Counts, set by set: which SKUs are due, what was noted, what is to be booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.inventory.domain.abc import A_SHARE, B_SHARE, COUNT_EVERY, HISTORY
from apps.inventory.models import CountLine, CountSession, SkuTracking
from apps.inventory.types import Count, ShelfCount
from ecommerce.sql import fetch_all

# A SKU's class by its share of what left the location in a year; what never sold is C.
_CLASSES = """
    SELECT sku_id, CASE WHEN before < %(a_share)s THEN 'A' WHEN before < %(b_share)s THEN 'B'
                        ELSE 'C' END AS class
    FROM (
        SELECT sku_id, (sum(units) OVER (ORDER BY units DESC, sku_id) - units)
                       / sum(units) OVER () AS before
        FROM (
            SELECT sku_id, -sum(delta)::numeric AS units FROM inventory_stockmovement
            WHERE kind IN ('shipment', 'pick') AND location_id = %(location)s
              AND created_at >= %(since)s
            GROUP BY sku_id HAVING sum(delta) < 0
        ) sold
    ) shares
"""

_FULL = "SELECT sku_id FROM inventory_stocklevel WHERE location_id = %(location)s"
_CHOSEN = "SELECT DISTINCT unnest(%(skus)s::uuid[]) AS sku_id"
_CYCLIC = f"""
    SELECT sku_id FROM (
        SELECT l.sku_id, coalesce(c.class, 'C') AS class,
               (SELECT max(n.counted_at) FROM inventory_countline n
                WHERE n.sku_id = l.sku_id AND n.location_id = l.location_id) AS last
        FROM inventory_stocklevel l LEFT JOIN ({_CLASSES}) c USING (sku_id)
        WHERE l.location_id = %(location)s
    ) shelf
    CROSS JOIN LATERAL (
        SELECT CASE class WHEN 'A' THEN %(every_a)s WHEN 'B' THEN %(every_b)s
                          ELSE %(every_c)s END::interval AS every
    ) rhythm
    WHERE (last IS NULL OR last <= %(now)s - every) AND (%(class)s = '' OR class = %(class)s)
    ORDER BY class, last NULLS FIRST, sku_id LIMIT %(limit)s
"""
_SHELVES = {"full": _FULL, "cyclic": _CYCLIC, "chosen": _CHOSEN}

_NOTE = """
WITH found AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(counts)s::int[]) AS f(sku_id, counted)
), standing AS (
    SELECT f.sku_id, f.counted, coalesce(l.on_hand, 0) AS on_hand
    FROM found f LEFT JOIN inventory_stocklevel l
      ON l.sku_id = f.sku_id AND l.location_id = %(location)s
)
INSERT INTO inventory_countline AS n
    (session_id, sku_id, location_id, open, expected, counted, swapped, counted_by,
     counted_at, decision, decided_by, held, refusal)
SELECT %(session)s, sku_id, %(location)s, true, on_hand, counted, 0, %(actor)s, %(now)s, 'pending', '',
       false, ''
FROM standing
ON CONFLICT (session_id, sku_id) DO UPDATE SET
    expected = excluded.expected, counted = excluded.counted, swapped = 0, counted_by = excluded.counted_by,
    counted_at = excluded.counted_at, decision = 'pending', decided_by = '', refusal = ''
WHERE n.open AND (n.movement_id IS NULL)
RETURNING n.sku_id
"""

DIFFERS = Q(variance__lt=0) | Q(variance__gt=0) | Q(swapped__gt=0)
"""Lines of which another number lies there than the ledger says, or other lots or numbers."""

_SUMS = """
SELECT s.id, p.code, s.scope, s.abc_class, s.status, s.blind, s.hold_units, s.hold_percent, s.note,
       s.opened_by, s.opened_at, s.reviewed_at, s.closed_by, s.closed_at,
       count(n.id)::int, count(n.counted)::int, (count(*) FILTER (WHERE n.variance <> 0 OR n.swapped > 0))::int,
       (count(*) FILTER (WHERE (n.variance <> 0 OR n.swapped > 0)
                           AND n.decision IN ('pending', 'recount')))::int,
       (count(*) FILTER (WHERE n.held))::int, count(n.movement_id)::int,
       (count(*) FILTER (WHERE n.refusal <> ''))::int,
       coalesce(sum(n.swapped + greatest(-n.variance, 0)), 0)::int,
       coalesce(sum(n.swapped + greatest(n.variance, 0)), 0)::int
FROM inventory_countsession s JOIN inventory_location p ON p.id = s.location_id
LEFT JOIN inventory_countline n ON n.session_id = s.id
WHERE s.id = ANY(%(ids)s::uuid[])
GROUP BY s.id, p.code
"""


def abc_classes(*, location_id: UUID, now: datetime) -> dict[UUID, str]:
    """The class of each SKU that was shipped from the location within a year; all others are C."""
    return dict(fetch_all(_CLASSES, **_abc(location_id, now)))


def put_lines(
    *,
    session_id: UUID,
    location_id: UUID,
    scope: str,
    sku_ids: Sequence[UUID],
    abc_class: str,
    limit: int | None,
    now: datetime,
) -> int:
    """Put what is to count on the list; how many lines. What is being counted already is passed over."""
    sql = f"""
        INSERT INTO inventory_countline (session_id, sku_id, location_id, open, counted_by,
                                         decision, decided_by, held, refusal)
        SELECT %(session)s, shelf.sku_id, %(location)s, true, '', 'pending', '', false, ''
        FROM ({_SHELVES[scope]}) shelf ORDER BY shelf.sku_id
        ON CONFLICT DO NOTHING
    """
    parameters = {
        **_abc(location_id, now),
        "session": session_id,
        "skus": list(sku_ids),
        "class": abc_class,
        "limit": limit,
        "now": now,
        **{f"every_{name.lower()}": every for name, every in COUNT_EVERY.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def note(
    *,
    session_id: UUID,
    location_id: UUID,
    counts: Sequence[ShelfCount],
    actor: str,
    now: datetime,
) -> set[UUID]:
    """Note what was counted beside what the ledger says at this moment; the SKUs that were noted.

    Left out are those that were booked already. Raises IntegrityError where another open count has one.
    """
    rows = fetch_all(
        _NOTE,
        session=session_id,
        location=location_id,
        skus=[one.sku_id for one in counts],
        counts=[one.counted for one in counts],
        actor=actor,
        now=now,
    )
    return {sku_id for (sku_id,) in rows}


def none_found(*, session_id: UUID, now: datetime) -> None:
    """Of what nobody counted, nothing lies there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_countline n
            SET counted = 0, counted_at = %(now)s, expected = coalesce((
                SELECT l.on_hand FROM inventory_stocklevel l
                WHERE l.sku_id = n.sku_id AND l.location_id = n.location_id), 0)
            WHERE n.session_id = %(session)s AND n.counted IS NULL
            """,
            {"session": session_id, "now": now},
        )


def counts(ids: Sequence[UUID]) -> dict[UUID, Count]:
    """Sessions in numbers, in one statement."""
    names = tuple(Count.__dataclass_fields__)
    rows = fetch_all(_SUMS, ids=list(ids))
    return {row[0]: Count(**dict(zip(names, row, strict=True))) for row in rows}


def sessions(*, status: str | None, location: str | None) -> QuerySet[CountSession]:
    """Counts, to be paged through."""
    rows = CountSession.objects.annotate(location_code=F("location__code"))
    rows = rows.filter(status=status) if status else rows
    return rows.filter(location__code=location) if location else rows


def lines(*, count_id: UUID, varying: bool) -> QuerySet[CountLine]:
    """The lines of a count, or those that differ, to be paged through."""
    rows = with_tracking(CountLine.objects.filter(session_id=count_id))
    return rows.filter(DIFFERS) if varying else rows


def with_tracking(lines: QuerySet[CountLine]) -> QuerySet[CountLine]:
    """Lines that say by what their SKUs' units are told apart."""
    tracking = SkuTracking.objects.filter(sku_id=OuterRef("sku_id"))
    return lines.annotate(
        tracks_lots=Exists(tracking.filter(lots=True)),
        tracks_serials=Exists(tracking.filter(serials=True)),
    )


def _abc(location_id: UUID, now: datetime) -> dict[str, Any]:
    since: datetime = now - HISTORY
    return {"location": location_id, "since": since, "a_share": A_SHARE, "b_share": B_SHARE}
