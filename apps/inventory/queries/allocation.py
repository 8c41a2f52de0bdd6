"""Allocations in the database: what could serve an order, and moving its units from one location to another."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from apps.inventory.models import Allocation, RoutingPolicy, RoutingRule

# Of levels that the caller has locked, with nothing left on stripes.
_SHELVES = """
SELECT p.id, p.code, p.priority, p.country, p.latitude, p.longitude, p.parcel_cost_minor,
       p.parcel_cost_abroad_minor, p.lead_days, p.daily_capacity, p.active,
       l.sku_id, l.on_hand - l.reserved - l.allocated, l.held
FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id
WHERE l.sku_id = ANY(%(skus)s::uuid[])
ORDER BY p.priority, p.code, l.sku_id
"""

_LINES = """
SELECT r.order_id, n.sku_id, n.location_id, p.code, (n.quantity - n.released)::int, n.shipped,
       coalesce((SELECT sum(l.done) FROM inventory_warehousetask t
                 JOIN inventory_warehousetaskline l ON l.task_id = t.id
                 WHERE t.order_id = r.order_id AND t.location_id = n.location_id
                   AND t.kind = 'pick' AND l.sku_id = n.sku_id), 0)::int
FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
JOIN inventory_location p ON p.id = n.location_id
WHERE r.order_id = ANY(%(orders)s::uuid[]) AND n.quantity > n.released
ORDER BY r.order_id, n.sku_id, p.code
"""

# Against each other only: an order's lines refer to a location while it is locked like this. In one order, and all
# that have a capacity, so that whoever looks at one SKU after the other holds what it needs from the start.
_HOLD_CAPACITIES = """
SELECT FROM inventory_location WHERE daily_capacity IS NOT NULL ORDER BY id FOR NO KEY UPDATE
"""

_GIVEN = """
SELECT n.location_id, count(DISTINCT a.id) FROM inventory_allocation a
JOIN inventory_reservationline n ON n.reservation_id = a.reservation_id
WHERE a.created_at >= %(day)s AND a.created_at < %(day)s + interval '1 day' AND a.status <> 'RELEASED' AND n.location_id = ANY(%(places)s::uuid[])
  AND a.order_id <> %(but)s
GROUP BY 1
"""

_EXPIRY = """
SELECT b.location_id, b.sku_id, min(o.expires_on)
FROM inventory_lotbalance b JOIN inventory_lot o ON o.id = b.lot_id
WHERE b.sku_id = ANY(%(skus)s::uuid[]) AND b.on_hand > 0 AND o.expires_on >= %(today)s
GROUP BY 1, 2
"""

_MOVE_LEVELS = """
UPDATE inventory_stocklevel l SET allocated = l.allocated + d.delta, updated_at = now()
FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(deltas)s::int[]) AS d(sku_id, location_id, delta)
WHERE l.sku_id = d.sku_id AND l.location_id = d.location_id
"""

_MOVE_LINES = """
WITH d AS (
    SELECT * FROM unnest(%(skus)s::uuid[], %(locations)s::uuid[], %(deltas)s::int[])
        AS d(sku_id, location_id, delta)
), gone AS (
    DELETE FROM inventory_reservationline n USING d
    WHERE n.reservation_id = %(reservation_id)s AND n.sku_id = d.sku_id
      AND n.location_id = d.location_id AND n.quantity + d.delta = 0
), changed AS (
    UPDATE inventory_reservationline n SET quantity = n.quantity + d.delta FROM d
    WHERE n.reservation_id = %(reservation_id)s AND n.sku_id = d.sku_id
      AND n.location_id = d.location_id AND n.quantity + d.delta > 0
    RETURNING n.sku_id, n.location_id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity, shipped, released)
SELECT %(reservation_id)s, d.sku_id, d.location_id, d.delta, 0, 0 FROM d
WHERE d.delta > 0 AND NOT EXISTS (
    SELECT FROM inventory_reservationline n WHERE n.reservation_id = %(reservation_id)s
      AND n.sku_id = d.sku_id AND n.location_id = d.location_id)
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A SKU at a location, and what there is to know of the location."""

    location_id: UUID
    code: str
    priority: int
    country: str
    latitude: float | None
    longitude: float | None
    parcel_cost_minor: int
    parcel_cost_abroad_minor: int
    lead_days: int
    daily_capacity: int | None
    active: bool
    sku_id: UUID
    free: int
    held: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Units of an order at a location: held for it, gone, picked."""

    order_id: UUID
    sku_id: UUID
    location_id: UUID
    code: str
    quantity: int
    shipped: int
    picked: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A routing policy and what it says of locations, by location and country (none: of all)."""

    key: str
    objective: Any
    own_country_first: bool
    most_parcels: int | None
    rules: Mapping[tuple[UUID, str], int | None]


Moves = Mapping[tuple[UUID, UUID], int]
"""Units more or fewer, by SKU and location."""


def policies() -> dict[str, Policy]:
    """The active policies by channel."""
    rows = list(RoutingPolicy.objects.filter(active=True))
    rules: dict[UUID, dict[tuple[UUID, str], int | None]] = {row.id: {} for row in rows}
    for rule in RoutingRule.objects.filter(policy__in=rows) if rows else ():
        rules[rule.policy_id][rule.location_id, rule.country] = rule.priority
    return {
        row.channel: Policy(
            key=f"{row.channel or 'default'}:{row.version}",
            objective=row.objective,
            own_country_first=row.own_country_first,
            most_parcels=row.most_parcels,
            rules=rules[row.id],
        )
        for row in rows
    }


def shelves(sku_ids: Collection[UUID]) -> list[Shelf]:
    """Every level of these SKUs, the caller having locked them."""
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES, {"skus": list(sku_ids)})
        return [Shelf(*row) for row in cursor.fetchall()]


def lines(order_ids: Collection[UUID]) -> list[Line]:
    """The units of orders, where they are held for them."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"orders": list(order_ids)})
        return [Line(*row) for row in cursor.fetchall()]


def hold_capacities() -> None:
    """Have nobody else route to locations that take so many orders a day; before any level is locked."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_CAPACITIES)


def given(places: Collection[UUID], day: datetime, *, but: UUID) -> dict[UUID, int]:
    """How many of the orders that were taken up in the 24 hours from ``day`` are at these locations; one is not counted."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, {"places": list(places), "day": day, "but": but})
        return dict(cursor.fetchall())


def first_expiry(sku_ids: Collection[UUID], today: date) -> dict[tuple[UUID, UUID], date]:
    """When the first lot expires, by location and SKU, of those that have a date."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRY, {"skus": list(sku_ids), "today": today})
        return {(location, sku): day for location, sku, day in cursor.fetchall() if day}


def move(reservation_id: UUID, moves: Moves) -> None:
    """Move allocated units of a reservation between levels; its row and theirs are locked by the caller."""
    changed = {place: delta for place, delta in sorted(moves.items()) if delta}
    columns: dict[str, Any] = {
        "skus": [sku_id for sku_id, _ in changed],
        "locations": [location_id for _, location_id in changed],
        "deltas": list(changed.values()),
        "reservation_id": reservation_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_LEVELS, columns)
        if cursor.rowcount != len(changed):
            raise RuntimeError(f"moved {cursor.rowcount} of {len(changed)} levels")
        cursor.execute(_MOVE_LINES, columns)


def allocations(*, status: str | None = None) -> QuerySet[Allocation]:
    """Allocations, to be paged through."""
    rows = Allocation.objects.annotate(reserved_as=F("reservation_id"))
    return rows.filter(status=status) if status else rows
