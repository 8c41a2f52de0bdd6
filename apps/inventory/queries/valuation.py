"""The ledger with its costs, streamed in the order in which it is replayed."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from apps.inventory.domain.valuation import Move
from apps.inventory.models import Location, ReservationLine, StockLevel, ValueSnapshot
from apps.inventory.queries.costs import BROKEN

AT_ONCE = 2_000

# When it happened counts, not when it was written (nothing is written before it happens, and least()
# passes NULL over); what was written after ``known_at`` is not known.
# What becomes of the claim of units that left since they came broken is no matter of the stock's.
# Within a moment transfers land after they left, and a level's entries follow their numbers.
_MOVES = """
SELECT m.sku_id, p.code, m.kind, m.delta, c.cost, least(y.occurred_at, m.created_at) AS at,
       m.reference, m.damaged_delta
FROM inventory_stockmovement m
JOIN inventory_location p ON p.id = m.location_id
LEFT JOIN inventory_costlayer y ON y.movement_id = m.id AND y.recorded_at <= %(known_at)s
LEFT JOIN LATERAL (
    SELECT sum(e.amount_minor)::bigint AS cost FROM inventory_costentry e
    WHERE e.layer_id = y.movement_id AND e.recorded_at <= %(known_at)s
      AND (m.delta > 0 OR e.kind IN ('goods', 'landed'))
) c ON true
WHERE m.sku_id = ANY(%(skus)s::uuid[]) AND (m.delta <> 0 OR m.kind = 'transfer_in') AND m.created_at <= %(known_at)s
  AND least(y.occurred_at, m.created_at) <= %(at)s {later}
ORDER BY m.sku_id, at, m.created_at, m.kind = 'transfer_in', m.version
"""
# Nothing is written before it happens: so parts of the ledger before that time are not opened.
_LATER = "AND m.created_at > %(after)s AND least(y.occurred_at, m.created_at) > %(after)s"

# A snapshot holds unless something was written after it about the time before it, and is known.
_SNAPSHOTS = """
SELECT DISTINCT ON (s.sku_id) s.sku_id, s.until, s.state
FROM inventory_valuesnapshot s
WHERE s.sku_id = ANY(%(skus)s::uuid[]) AND s.method = %(method)s
  AND s.until <= %(at)s AND s.known_at <= %(known_at)s AND s.until < %(since)s
  AND NOT EXISTS (
    SELECT FROM inventory_costlayer y
    WHERE y.sku_id = s.sku_id AND y.occurred_at <= s.until AND (
        y.recorded_at > s.known_at AND y.recorded_at <= %(known_at)s
        OR EXISTS (SELECT FROM inventory_costentry e WHERE e.layer_id = y.movement_id
                   AND e.recorded_at > s.known_at AND e.recorded_at <= %(known_at)s)))
ORDER BY s.sku_id, s.until DESC
"""

# What a difference is settled by happens when it is written down; what its units cost, when they came.
_CLAIMS = """
SELECT y.sku_id, sum(e.amount_minor)::bigint,
       coalesce(-sum(e.amount_minor) FILTER (WHERE e.kind = 'credit' AND e.recorded_at >= %(since)s), 0)::bigint,
       coalesce(-sum(e.amount_minor) FILTER (WHERE e.kind = 'written_off' AND e.recorded_at >= %(since)s), 0)::bigint
FROM inventory_costlayer y JOIN inventory_costentry e ON e.layer_id = y.movement_id
WHERE y.sku_id = ANY(%(skus)s::uuid[]) AND y.source = %(broken)s
  AND y.occurred_at <= %(at)s AND y.recorded_at <= %(known_at)s AND e.recorded_at <= %(known_at)s
  AND (e.recorded_at <= %(at)s OR e.kind NOT IN ('credit', 'written_off', 'mended'))
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What units cost that came broken: waiting to be settled, given back, given back by nobody."""

    claimed_minor: int = 0
    credited_minor: int = 0
    written_off_minor: int = 0


def claims(
    sku_ids: Collection[UUID], *, at: datetime, known_at: datetime, since: datetime | None
) -> dict[UUID, Claim]:
    """Of each SKU of which some came broken; credited and written off since then."""
    parameters: dict[str, Any] = {
        "skus": list(sku_ids),
        "broken": BROKEN,
        "at": at,
        "known_at": known_at,
        "since": since or datetime.min.replace(tzinfo=UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, parameters)
        return {sku_id: Claim(*amounts) for sku_id, *amounts in cursor.fetchall()}


def moves_by_sku(
    sku_ids: Collection[UUID], *, at: datetime, known_at: datetime, after: datetime | None = None
) -> Iterator[tuple[UUID, Iterator[Move]]]:
    """Each SKU with its entries, by SKU. Use up a SKU's before the next: they come from one cursor."""
    later = _LATER if after else ""
    rows = _stream(
        _MOVES.format(later=later),
        {"skus": list(sku_ids), "at": at, "known_at": known_at, "after": after},
    )
    for sku_id, of in groupby(rows, key=itemgetter(0)):
        yield sku_id, (Move(*row[1:]) for row in of)


def snapshots(
    sku_ids: Collection[UUID],
    method: str,
    *,
    at: datetime,
    known_at: datetime,
    since: datetime | None,
) -> dict[UUID, tuple[datetime, dict[str, Any]]]:
    """The newest snapshot of each of these SKUs that a valuation can go on from: its time and state."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SNAPSHOTS,
            {
                "skus": list(sku_ids),
                "method": method,
                "at": at,
                "known_at": known_at,
                "since": since or datetime.max.replace(tzinfo=UTC),
            },
        )
        return {sku: (until, json.loads(state)) for sku, until, state in cursor.fetchall()}


def without_snapshot(until: datetime, method: str, limit: int) -> list[UUID]:
    """SKUs that have levels, and none of that time."""
    taken = ValueSnapshot.objects.filter(sku_id=OuterRef("sku_id"), method=method, until=until)
    rows = StockLevel.objects.filter(~Exists(taken), moved_at__isnull=False)
    return list(rows.order_by("sku_id").values_list("sku_id", flat=True).distinct()[:limit])


def save_snapshots(rows: Collection[ValueSnapshot]) -> None:
    """Keep snapshots; one that another has taken meanwhile stays."""
    ValueSnapshot.objects.bulk_create(rows, ignore_conflicts=True)


def location_codes() -> dict[str, str]:
    """The codes of all locations by their ids."""
    return {str(id_): code for id_, code in Location.objects.values_list("id", "code")}


def stocked_skus(*, after: UUID | None, limit: int) -> list[UUID]:
    """SKUs that have levels, in order."""
    rows = StockLevel.objects.order_by("sku_id").values_list("sku_id", flat=True).distinct()
    return list((rows.filter(sku_id__gt=after) if after else rows)[:limit])


def stocked_among(sku_ids: Collection[UUID]) -> list[UUID]:
    """Those of the SKUs that have levels."""
    rows = StockLevel.objects.filter(sku_id__in=list(sku_ids)).order_by("sku_id")
    return list(rows.values_list("sku_id", flat=True).distinct())


def skus_of_order(order_id: UUID) -> list[UUID]:
    """The SKUs that were held for an order."""
    rows = ReservationLine.objects.filter(reservation__order_id=order_id).order_by("sku_id")
    return list(rows.values_list("sku_id", flat=True).distinct())


def _stream(sql: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows by a cursor on the server, some thousand at once."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
