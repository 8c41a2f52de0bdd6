"""Watching stock, a rule at a time and set by set."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from apps.inventory.models import AlertInstance, AlertRule
from apps.inventory.queries.stripes import FREE
from apps.inventory.types import Watch
from ecommerce.sql import fetch_all

# What a rule looks at: (sku_id, location_id, value). Without a location of its own, a rule about units
# sums over the active ones; for days without movement each level counts, for that is a shelf's matter.
UNITS = """
    SELECT l.sku_id, {location} AS location_id, sum({units})::int AS value
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE (%(sku)s::uuid IS NULL OR l.sku_id = %(sku)s)
      AND (%(location)s::uuid IS NULL AND p.active OR l.location_id = %(location)s)
      AND (%(skus)s::uuid[] IS NULL OR l.sku_id = ANY(%(skus)s::uuid[]))
    GROUP BY 1, 2
"""
_FREE = f"CASE WHEN l.held THEN 0 ELSE {FREE} END"
_IDLE = """
    SELECT l.sku_id, l.location_id, extract(day FROM %(now)s::timestamptz - (
               SELECT max(m.created_at) FROM inventory_stockmovement m
               WHERE m.sku_id = l.sku_id AND m.location_id = l.location_id))::int AS value
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
    WHERE l.on_hand > 0 AND (%(sku)s::uuid IS NULL OR l.sku_id = %(sku)s)
      AND (%(location)s::uuid IS NULL AND p.active OR l.location_id = %(location)s)
      AND (%(skus)s::uuid[] IS NULL OR l.sku_id = ANY(%(skus)s::uuid[]))
"""
_EXPIRY = """
    SELECT b.sku_id, b.location_id,
           greatest(0, min(t.expires_on) - %(now)s::timestamptz::date)::int AS value
    FROM inventory_lotbalance b JOIN inventory_lot t ON t.id = b.lot_id
    JOIN inventory_location p ON p.id = b.location_id
    WHERE b.on_hand > 0 AND t.expires_on IS NOT NULL
      AND (%(sku)s::uuid IS NULL OR b.sku_id = %(sku)s)
      AND (%(location)s::uuid IS NULL AND p.active OR b.location_id = %(location)s)
      AND (%(skus)s::uuid[] IS NULL OR b.sku_id = ANY(%(skus)s::uuid[]))
    GROUP BY 1, 2
"""
_RATE = f"""
    SELECT NULL::uuid AS sku_id, %(location)s::uuid AS location_id,
           (100 * (count(*) FILTER (WHERE value <= 0)) / greatest(count(*), 1))::int AS value
    FROM ({UNITS.format(units=_FREE, location="%(location)s::uuid")}) one
"""
_LOOK = {
    Watch.LOW: (UNITS.format(units=_FREE, location="%(location)s::uuid"), "<=", ">", "+"),
    Watch.OVER: (UNITS.format(units="l.on_hand", location="%(location)s::uuid"), ">=", "<", "-"),
    Watch.NO_MOVEMENT: (_IDLE, ">=", "<", "-"),
    Watch.EXPIRING: (_EXPIRY, "<=", ">", "+"),
    Watch.STOCKOUT_RATE: (_RATE, ">=", "<", "-"),
}

_SUBJECT = """
    SELECT sku_id, location_id, value, value {bad} %(threshold)s AS bad,
           value {good} %(threshold)s {beyond} %(clear_by)s AS good
    FROM ({look}) looked
"""
_OPEN = """
WITH subject AS ({subject})
INSERT INTO inventory_alertinstance (id, rule_id, sku_id, location_id, state, value, since)
SELECT gen_random_uuid(), %(rule)s, sku_id, location_id, 'PENDING', value, %(now)s
FROM subject WHERE bad
ON CONFLICT (rule_id, sku_id, location_id) WHERE NOT (state = 'RESOLVED') DO NOTHING
"""
_DROP = """
WITH subject AS ({subject})
DELETE FROM inventory_alertinstance i
WHERE i.rule_id = %(rule)s AND i.state = 'PENDING' AND {among} AND NOT EXISTS (
    SELECT FROM subject s WHERE s.bad AND s.sku_id IS NOT DISTINCT FROM i.sku_id
      AND s.location_id IS NOT DISTINCT FROM i.location_id)
"""
_MOVE = """
WITH subject AS ({subject}), seen AS (
    SELECT i.id, i.state, coalesce(s.value, i.value) AS value, coalesce(s.bad, false) AS bad,
           coalesce(s.good, true) AS good, i.since, i.clear_since
    FROM inventory_alertinstance i
    LEFT JOIN subject s ON s.sku_id IS NOT DISTINCT FROM i.sku_id
                       AND s.location_id IS NOT DISTINCT FROM i.location_id
    WHERE i.rule_id = %(rule)s AND i.state <> 'RESOLVED' AND {among}
), next AS (
    SELECT id, state AS before, value,
           CASE WHEN good THEN coalesce(clear_since, %(now)s) END AS clear_since,
           CASE WHEN state = 'PENDING' AND bad AND since <= %(now)s - %(lasting)s THEN 'TRIGGERED'
                WHEN state = 'TRIGGERED' AND good
                     AND coalesce(clear_since, %(now)s) <= %(now)s - %(lasting)s THEN 'RESOLVED'
                ELSE state END AS state
    FROM seen
)
UPDATE inventory_alertinstance i
SET value = n.value, clear_since = n.clear_since, state = n.state,
    triggered_at = CASE WHEN n.state = 'TRIGGERED' THEN coalesce(i.triggered_at, %(now)s)
                        ELSE i.triggered_at END,
    resolved_at = CASE WHEN n.state = 'RESOLVED' THEN %(now)s END
FROM next n
WHERE i.id = n.id AND (i.value, i.clear_since, i.state) IS DISTINCT FROM (n.value, n.clear_since, n.state)
RETURNING i.id, i.sku_id, (SELECT code FROM inventory_location p WHERE p.id = i.location_id),
          i.state, i.value, i.since, n.before
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """An alert that was triggered or resolved."""

    id: UUID
    sku_id: UUID | None
    location: str | None
    state: str
    value: int
    since: datetime


def move(rule: AlertRule, *, skus: Collection[UUID] | None, now: datetime) -> list[Moved]:
    """Look at all of a rule's subjects, or some SKUs, and move its alerts on; those that were
    triggered or resolved. Three statements, however many."""
    look, bad, good, beyond = _LOOK[Watch(rule.watch)]
    parts = {
        "subject": _SUBJECT.format(look=look, bad=bad, good=good, beyond=beyond),
        "among": "(%(skus)s::uuid[] IS NULL OR i.sku_id = ANY(%(skus)s::uuid[]))",
    }
    parameters: dict[str, Any] = {
        "rule": rule.id,
        "threshold": rule.threshold,
        "clear_by": rule.clear_by,
        "lasting": timedelta(seconds=rule.for_seconds),
        "sku": rule.sku_id,
        "location": rule.location_id,
        "skus": None if skus is None else list(skus),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(**parts), parameters)
        cursor.execute(_DROP.format(**parts), parameters)
    rows = fetch_all(_MOVE.format(**parts), **parameters)
    return [Moved(*row[:-1]) for row in rows if row[-1] != row[3]]


def rules() -> QuerySet[AlertRule]:
    """All rules, to be paged through."""
    return AlertRule.objects.annotate(location_code=F("location__code"))


def found(
    *, rule_id: UUID | None, state: str | None, sku_id: UUID | None
) -> QuerySet[AlertInstance]:
    """Alerts, to be paged through: those that wait to be triggered are left out unless asked for."""
    rows = AlertInstance.objects.annotate(
        location_code=F("location__code"), rule_name=F("rule__name")
    )
    rows = rows.filter(rule_id=rule_id) if rule_id else rows
    rows = rows.filter(state=state) if state else rows.exclude(state="PENDING")
    return rows.filter(sku_id=sku_id) if sku_id else rows
