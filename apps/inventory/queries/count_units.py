"""What a count found of each lot and number, beside what the ledger said, and how both stand now."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.inventory.domain.counting import Off, Standing
from apps.inventory.models import CountLine, CountUnits, Lot, LotBalance, Serial
from apps.inventory.queries import reading
from apps.inventory.types import ShelfCount
from ecommerce.sql import fetch_all

# Lots and numbers change only while their level is locked, so what is read under it adds up to it.
_LOCK = """
SELECT sku_id FROM inventory_stocklevel
WHERE location_id = %(location)s AND sku_id = ANY(%(skus)s::uuid[])
ORDER BY sku_id FOR SHARE
"""
_UNCOUNTED = """
SELECT n.sku_id FROM inventory_countline n JOIN inventory_skutracking t USING (sku_id)
WHERE n.session_id = %(session)s AND n.counted IS NULL AND (t.lots OR t.serials)
"""
_FOUND = """
found AS (
    SELECT f.*, CASE WHEN f.serial = '' THEN f.lot ELSE '' END AS key
    FROM unnest(%(skus)s::uuid[], %(lots)s::text[], %(serials)s::text[], %(expiries)s::date[],
                %(counts)s::int[]) AS f(sku_id, lot, serial, expires_on, counted)
)"""
_OTHERWISE = f"""
WITH {_FOUND}
SELECT f.lot || ' expires on ' || coalesce(o.expires_on::text, 'no day')
FROM found f JOIN inventory_lot o ON o.sku_id = f.sku_id AND o.code = f.lot
WHERE f.expires_on IS NOT NULL AND o.expires_on IS DISTINCT FROM f.expires_on
UNION ALL
SELECT f.serial || ' is of lot ' || o.code
FROM found f JOIN inventory_serial s ON s.sku_id = f.sku_id AND s.number = f.serial
JOIN inventory_lot o ON o.id = s.lot_id
WHERE f.lot NOT IN ('', o.code)
LIMIT 1
"""
# What is there by the ledger beside what was found. A number that came back keeps its lot.
_PUT = f"""
WITH {_FOUND}, lines AS (
    SELECT n.id, n.sku_id, t.lots, t.serials
    FROM inventory_countline n JOIN inventory_skutracking t USING (sku_id)
    WHERE n.session_id = %(session)s AND n.sku_id = ANY(%(noted)s::uuid[])
), standing AS (
    SELECT b.sku_id, o.code AS lot, '' AS serial, o.code AS key, b.on_hand AS units
    FROM lines n JOIN inventory_lotbalance b ON b.sku_id = n.sku_id
    JOIN inventory_lot o ON o.id = b.lot_id
    WHERE n.lots AND NOT n.serials AND b.location_id = %(location)s AND b.on_hand > 0
    UNION ALL
    SELECT s.sku_id, coalesce(o.code, ''), s.number, '', 1
    FROM lines n JOIN inventory_serial s ON s.sku_id = n.sku_id
    LEFT JOIN inventory_lot o ON o.id = s.lot_id
    WHERE n.serials AND s.location_id = %(location)s
), beside AS (
    SELECT sku_id, serial, coalesce(s.lot, nullif(f.lot, '')) AS lot, f.expires_on,
           coalesce(s.units, 0) AS expected, coalesce(f.counted, 0) AS counted
    FROM standing s FULL JOIN found f USING (sku_id, serial, key)
)
INSERT INTO inventory_countunits (line_id, lot, serial, expires_on, expected, counted)
SELECT n.id, coalesce(b.lot, back.code, ''), b.serial,
       CASE WHEN o.id IS NULL THEN coalesce(b.expires_on, back.expires_on) ELSE o.expires_on END,
       b.expected, b.counted
FROM beside b JOIN lines n USING (sku_id)
LEFT JOIN inventory_lot o ON o.sku_id = b.sku_id AND o.code = b.lot
LEFT JOIN inventory_serial r ON r.sku_id = b.sku_id AND r.number = b.serial AND b.lot IS NULL
LEFT JOIN inventory_lot back ON back.id = r.lot_id
ORDER BY n.id, 2, 3
"""
_SUM_UP = """
UPDATE inventory_countline n
SET expected = u.expected, swapped = least(u.missing, u.found)
FROM (
    SELECT u.line_id, sum(u.expected) AS expected, sum(greatest(u.expected - u.counted, 0)) AS missing,
           sum(greatest(u.counted - u.expected, 0)) AS found
    FROM inventory_countunits u JOIN inventory_countline l ON l.id = u.line_id
    WHERE l.session_id = %(session)s AND l.sku_id = ANY(%(noted)s::uuid[]) GROUP BY 1
) u WHERE n.id = u.line_id
"""


def lock(sku_ids: Collection[UUID], location_id: UUID) -> None:
    """Nothing arrives at or leaves these levels until the transaction ends."""
    fetch_all(_LOCK, skus=list(sku_ids), location=location_id)


def uncounted(session_id: UUID) -> list[UUID]:
    """SKUs whose units are told apart and which nobody has counted yet."""
    return [sku_id for (sku_id,) in fetch_all(_UNCOUNTED, session=session_id)]


def otherwise(counts: Sequence[ShelfCount]) -> str | None:
    """What is known otherwise than was noted of a lot or number: the first of it."""
    rows: list[Any] = fetch_all(_OTHERWISE, **_columns(counts))
    return rows[0][0] if rows else None


def put(
    *, session_id: UUID, location_id: UUID, noted: Collection[UUID], counts: Sequence[ShelfCount]
) -> None:
    """Keep what was found of the lots and numbers of ``noted`` SKUs, in the place of what was noted before.

    Their levels are locked. Of those that ``counts`` does not have, nothing was found.
    """
    CountUnits.objects.filter(line__session_id=session_id, line__sku_id__in=list(noted)).delete()
    wanted: dict[str, Any] = {"session": session_id, "noted": list(noted)}
    with connection.cursor() as cursor:
        cursor.execute(_PUT, {**_columns(counts), **wanted, "location": location_id})
        cursor.execute(_SUM_UP, wanted)


def without_lot(session_id: UUID, sku_ids: Collection[UUID]) -> str | None:
    """A number that was noted of SKUs with lots, of which nobody knows the lot."""
    rows = CountUnits.objects.filter(
        line__session_id=session_id, line__sku_id__in=list(sku_ids), lot=""
    )
    return rows.values_list("serial", flat=True).first()


def units(*, count_id: UUID, varying: bool, seen_only: bool) -> QuerySet[CountUnits]:
    """Lots and numbers of a count, to be paged through: all, those that differ, or what was found only."""
    rows = CountUnits.objects.filter(line__session_id=count_id).annotate(sku_id=F("line__sku_id"))
    rows = rows.exclude(variance=0) if varying else rows
    return rows.filter(counted__gt=0) if seen_only else rows


def worth_showing(most: int) -> QuerySet[CountUnits]:
    """At most so many of each line, with how many there are: what differs, or, where who counts is not to see
    what is expected, what was found."""
    secret = Q(line__session__blind=True, line__session__status="OPEN")
    rows = CountUnits.objects.filter(secret & Q(counted__gt=0) | ~secret & ~Q(variance=0))
    return rows.annotate(
        place=Window(RowNumber(), partition_by=F("line_id"), order_by="id"),
        all_of_line=Window(Count("id"), partition_by=F("line_id")),
    ).filter(place__lte=most)


def differing(lines: Sequence[CountLine]) -> dict[int, list[CountUnits]]:
    """What differs by lot or number, by line."""
    found: dict[int, list[CountUnits]] = {}
    rows = CountUnits.objects.filter(line_id__in=[line.id for line in lines]).exclude(variance=0)
    for row in rows.order_by("id"):
        found.setdefault(row.line_id, []).append(row)
    return found


def off(row: CountUnits) -> Off:
    """A difference as plain data."""
    return Off(row.lot, row.serial, row.variance, row.expires_on)


def standing(
    lines: Sequence[CountLine],
    location_id: UUID,
    differences: Mapping[int, Sequence[CountUnits]],
) -> dict[UUID, Standing]:
    """How the levels of these lines stand, with their lots and the numbers that differ: five statements at most."""
    skus = [line.sku_id for line in lines]
    levels = reading.standing(skus)
    balances: dict[UUID, dict[str, int]] = {}
    lots = LotBalance.objects.filter(sku_id__in=skus, location_id=location_id)
    for sku_id, code, units in lots.values_list("sku_id", "lot__code", "on_hand"):
        balances.setdefault(sku_id, {})[code] = units
    expiries: dict[UUID, dict[str, Any]] = {}
    named = {row.lot for rows in differences.values() for row in rows}
    known = Lot.objects.filter(sku_id__in=skus, code__in=named)
    for sku_id, code, day in known.values_list("sku_id", "code", "expires_on"):
        expiries.setdefault(sku_id, {})[code] = day
    places: dict[UUID, dict[str, UUID | None]] = {}
    numbers = {row.serial for rows in differences.values() for row in rows if row.serial}
    serials = Serial.objects.filter(sku_id__in=skus, number__in=numbers)
    for sku_id, number, at in serials.values_list("sku_id", "number", "location_id"):
        places.setdefault(sku_id, {})[number] = at
    found = {}
    for sku_id in skus:
        on_hand, promised, _ = levels.get((sku_id, location_id), (0, 0, 0))
        found[sku_id] = Standing(
            on_hand,
            promised,
            balances.get(sku_id, {}),
            expiries.get(sku_id, {}),
            places.get(sku_id, {}),
        )
    return found


def _columns(counts: Sequence[ShelfCount]) -> dict[str, list[Any]]:
    rows = [(count.sku_id, one) for count in counts for one in count.found]
    return {
        "skus": [sku_id for sku_id, _ in rows],
        "lots": [one.lot for _, one in rows],
        "serials": [one.serial for _, one in rows],
        "expiries": [one.expires_on for _, one in rows],
        "counts": [one.quantity for _, one in rows],
    }
