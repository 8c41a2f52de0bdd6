"""The ledger read backwards: what lay there then, and what has moved since."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from apps.inventory.models import StockMovement
from apps.inventory.types import Balance, Explanation, MovedUnits, StockThen
from ecommerce.sql import fetch_all

# Of each level one row, the last at or before that time: one step of an index in each part of the ledger.
_THEN = """
SELECT p.code, p.active, m.on_hand_after, m.damaged_after, m.version, m.created_at
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
CROSS JOIN LATERAL (
    SELECT m.on_hand_after, m.damaged_after, m.version, m.created_at
    FROM inventory_stockmovement m
    WHERE m.sku_id = l.sku_id AND m.location_id = l.location_id AND m.created_at <= %(at)s
    ORDER BY m.created_at DESC, m.version DESC LIMIT 1
) m
WHERE l.sku_id = %(sku_id)s AND (%(location)s::text IS NULL OR p.code = %(location)s)
ORDER BY p.priority, p.code
"""

_BEFORE = """
SELECT on_hand_after, damaged_after FROM inventory_stockmovement
WHERE sku_id = %(sku_id)s AND location_id = %(location_id)s AND created_at < %(since)s
ORDER BY created_at DESC, version DESC LIMIT 1
"""

_LAST_OF_DAYS = """
SELECT DISTINCT ON (day) (created_at AT TIME ZONE 'UTC')::date AS day, on_hand_after
FROM inventory_stockmovement
WHERE sku_id = %(sku_id)s AND location_id = %(location_id)s AND created_at >= %(since)s
ORDER BY day, created_at DESC, version DESC
"""

_PARTS = """
WITH moved AS (
    SELECT kind, delta, damaged_delta, reference, version FROM inventory_stockmovement
    WHERE sku_id = %(sku_id)s AND location_id = %(location_id)s
      AND created_at >= %(since)s AND created_at <= %(at)s
), latest AS (
    SELECT kind, reference, row_number() OVER (PARTITION BY kind ORDER BY max(version) DESC) AS place
    FROM moved WHERE reference <> '' GROUP BY kind, reference
)
SELECT kind, count(*)::int, sum(delta)::int, sum(damaged_delta)::int,
       (SELECT array_agg(n.reference ORDER BY n.place) FROM latest n
        WHERE n.kind = moved.kind AND n.place <= 10)
FROM moved GROUP BY kind ORDER BY min(version)
"""


def stock_then(sku_id: UUID, location: str | None, at: datetime) -> StockThen:
    """A SKU's balances as of ``at``, at all locations or at one. One statement."""
    rows = fetch_all(_THEN, sku_id=sku_id, location=location, at=at)
    counted = [row for row in rows if row[1] or location]
    return StockThen(
        sku_id=sku_id,
        at=at,
        on_hand=sum(row[2] for row in counted),
        damaged=sum(row[3] for row in counted),
        balances=tuple(
            Balance(
                location=code, on_hand=on_hand, damaged=damaged, version=version, moved_at=moved
            )
            for code, _, on_hand, damaged, version, moved in rows
        ),
    )


def explanation(
    sku_id: UUID, location: str, location_id: UUID, since: datetime, at: datetime
) -> Explanation:
    """What lay there before ``since`` and what each kind of movement did until ``at``. Two statements."""
    level: dict[str, Any] = {"sku_id": sku_id, "location_id": location_id, "since": since}
    before = fetch_all(_BEFORE, **level)
    on_hand, damaged = before[0] if before else (0, 0)
    parts = tuple(
        MovedUnits(
            kind=kind,
            movements=movements,
            delta=delta,
            damaged_delta=damaged_delta,
            references=tuple(references or ()),
        )
        for kind, movements, delta, damaged_delta, references in fetch_all(_PARTS, **level, at=at)
    )
    return Explanation(
        sku_id=sku_id,
        location=location,
        since=since,
        at=at,
        on_hand=on_hand + sum(part.delta for part in parts),
        damaged=damaged + sum(part.damaged_delta for part in parts),
        opening_on_hand=on_hand,
        opening_damaged=damaged,
        parts=parts,
    )


def movements(**filters: Any) -> "QuerySet[StockMovement]":
    """The ledger, to be paged through. Filters of None are left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    return StockMovement.objects.filter(**wanted).annotate(location_code=F("location__code"))


def daily_on_hand(sku_id: UUID, location_id: UUID, *, days: int, until: date) -> dict[date, int]:
    """What lay there at the end of each day (UTC) up to ``until``."""
    first = until - timedelta(days=days - 1)
    since = datetime.combine(first, time(), tzinfo=UTC)
    of = {"sku_id": sku_id, "location_id": location_id, "since": since}
    before = fetch_all(_BEFORE, **of)
    moved = dict(fetch_all(_LAST_OF_DAYS, **of))
    on_hand = before[0][0] if before else 0
    found: dict[date, int] = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        on_hand = moved.get(day, on_hand)
        found[day] = on_hand
    return found
