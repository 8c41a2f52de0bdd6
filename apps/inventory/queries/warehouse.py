"""Reads and locks of warehouse tasks, and the inbox."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet

from apps.inventory.errors import NoTask, UnknownLocation
from apps.inventory.models import (
    Inbound,
    Location,
    ReservationLine,
    StockComparison,
    StockLevel,
    WarehouseTask,
    WarehouseTaskLine,
)
from ecommerce.ids import new_id

# What is allocated there and was not given back, less what has left, less what open picks are after and what others have picked.
# A pick that took units of the order which have left since is done with: those are in ``shipped``.
_UNPICKED = """
SELECT n.sku_id, (n.quantity - n.released - greatest(n.shipped, coalesce(t.picked, 0)) - coalesce(t.asked, 0))::int
FROM inventory_reservationline n
JOIN inventory_reservation r ON r.id = n.reservation_id
LEFT JOIN LATERAL (
    SELECT sum(l.done) FILTER (WHERE t.status IN ('PICKED', 'SHORT')) AS picked,
           sum(l.quantity) FILTER (WHERE t.status IN ('REQUESTED', 'SENT', 'ACCEPTED')) AS asked
    FROM inventory_warehousetask t JOIN inventory_warehousetaskline l ON l.task_id = t.id
    WHERE t.order_id = r.order_id AND t.location_id = n.location_id AND l.sku_id = n.sku_id
) t ON true
WHERE r.order_id = %(order_id)s AND n.location_id = %(location_id)s
"""

_KEEP = """
INSERT INTO inventory_warehousemessage
    (id, location_id, event_id, task_id, sequence, report, state, tries, last_error, received_at, next_try_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, 'received', 0, '', %s, %s)
ON CONFLICT (location_id, event_id) DO NOTHING
RETURNING id
"""

# Per SKU: on hand, what of it is picked and waits to leave, and whether a task of it is under way.
_STANDING = """
SELECT l.sku_id, l.on_hand, coalesce(s.staged, 0)::int, coalesce(s.moving, false)
FROM inventory_stocklevel l
LEFT JOIN (
    SELECT x.sku_id, sum(greatest(0, x.picked - coalesce(n.shipped, 0))) AS staged, bool_or(x.open) AS moving
    FROM (
        SELECT t.order_id, tl.sku_id, sum(tl.done) FILTER (WHERE t.kind = 'pick') AS picked,
               bool_or(t.status IN ('REQUESTED', 'SENT', 'ACCEPTED') OR t.pending <> '') AS open
        FROM inventory_warehousetask t JOIN inventory_warehousetaskline tl ON tl.task_id = t.id
        WHERE t.location_id = %(location_id)s AND tl.sku_id > %(after)s AND tl.sku_id <= %(last)s
        GROUP BY t.order_id, tl.sku_id
    ) x
    LEFT JOIN inventory_reservation r ON r.order_id = x.order_id
    LEFT JOIN inventory_reservationline n
        ON n.reservation_id = r.id AND n.sku_id = x.sku_id AND n.location_id = %(location_id)s
    GROUP BY x.sku_id
) s ON s.sku_id = l.sku_id
WHERE l.location_id = %(location_id)s AND l.sku_id > %(after)s AND l.sku_id <= %(last)s
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A location and the system that runs it, if one does."""

    id: UUID
    code: str
    system: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What we think of a SKU at a location."""

    on_hand: int
    staged: int
    moving: bool


def place(location: str) -> Place:
    """A location by its id or its code, and the system that runs it. Raises UnknownLocation."""
    try:
        by: dict[str, Any] = {"id": UUID(location)}
    except ValueError:
        by = {"code": location}
    row = Location.objects.filter(**by).values_list("id", "code", "warehouse_system").first()
    if row is None:
        raise UnknownLocation(f"no location {location!r}")
    return Place(*row)


def places() -> list[Place]:
    """Active locations that a system runs."""
    rows = Location.objects.filter(active=True).exclude(warehouse_system="").order_by("code")
    return [Place(*row) for row in rows.values_list("id", "code", "warehouse_system")]


def places_of_order(order_id: UUID) -> list[Place]:
    """Where units of an order are held for it."""
    rows = ReservationLine.objects.filter(reservation__order_id=order_id).order_by("location__code")
    names = ("location_id", "location__code", "location__warehouse_system")
    return [Place(*row) for row in rows.values_list(*names).distinct()]


def tasks(
    *, location: str | None = None, status: str | None = None, order_id: UUID | None = None
) -> QuerySet[WarehouseTask]:
    """Tasks with their lines, to be paged through. Raises UnknownLocation."""
    rows = WarehouseTask.objects.annotate(location_code=F("location__code")).prefetch_related(
        Prefetch("lines", queryset=WarehouseTaskLine.objects.order_by("sku_id"))
    )
    if location:
        rows = rows.filter(location_id=place(location).id)
    if status:
        rows = rows.filter(status=status)
    return rows.filter(order_id=order_id) if order_id else rows


def comparisons(*, location: str) -> QuerySet[StockComparison]:
    """How a location's stock compared, to be paged through. Raises UnknownLocation."""
    rows = StockComparison.objects.annotate(location_code=F("location__code"))
    return rows.filter(location_id=place(location).id)


def locked_task(task_id: UUID) -> tuple[WarehouseTask, Place]:
    """A task, nobody else's until the transaction ends, and where it is. Raises NoTask."""
    rows = WarehouseTask.objects.select_for_update(of=("self",)).annotate(
        location_code=F("location__code"), system=F("location__warehouse_system")
    )
    row = rows.filter(id=task_id).first()
    if row is None:
        raise NoTask(f"no task {task_id}")
    return row, Place(row.location_id, row.location_code, row.system)


def place_of(task_id: UUID) -> UUID | None:
    """At which location a task is."""
    rows = WarehouseTask.objects.filter(id=task_id)
    return rows.values_list("location_id", flat=True).first()


def inbound_of(task_id: UUID) -> UUID | None:
    """The delivery that a task receives."""
    return WarehouseTask.objects.filter(id=task_id).values_list("inbound_id", flat=True).first()


def tasks_of(inbound_id: UUID) -> list[UUID]:
    """The tasks by which a delivery was to be received, the newest first."""
    rows = WarehouseTask.objects.filter(inbound_id=inbound_id).order_by("-created_at", "-id")
    return list(rows.values_list("id", flat=True))


def tasks_and_deliveries(
    *, location_id: UUID, ids: Collection[UUID], numbers: Collection[str]
) -> dict[UUID | str, UUID]:
    """Tasks and deliveries of a location by their ids, and deliveries by their numbers."""
    tasks = WarehouseTask.objects.filter(id__in=ids, location_id=location_id)
    found: dict[UUID | str, UUID] = {one: one for one in tasks.values_list("id", flat=True)}
    named = Inbound.objects.filter(Q(id__in=ids) | Q(number__in=numbers), location_id=location_id)
    for inbound_id, number in named.values_list("id", "number"):
        found[inbound_id] = found[number] = inbound_id
    return found


def open_task_of(inbound_id: UUID) -> UUID | None:
    """The task by which a delivery is being received."""
    rows = WarehouseTask.objects.filter(inbound_id=inbound_id, closed_at=None)
    return rows.values_list("id", flat=True).first()


def unpicked(*, order_id: UUID, location_id: UUID) -> dict[UUID, int]:
    """Units of an order, by SKU, that lie at a location and that nobody has picked or is after."""
    with connection.cursor() as cursor:
        cursor.execute(_UNPICKED, {"order_id": order_id, "location_id": location_id})
        return {sku_id: units for sku_id, units in cursor.fetchall() if units > 0}


def keep(
    *, location_id: UUID, event_id: str, task_id: UUID, sequence: int, report: object, now: datetime
) -> UUID | None:
    """Keep a message; None if it is there already."""
    values: list[Any] = [
        new_id(),
        location_id,
        event_id,
        task_id,
        sequence,
        json.dumps(report),
        now,
        now,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        row = cursor.fetchone()
    return row[0] if row else None


def standing(*, location_id: UUID, after: UUID, last: UUID) -> dict[UUID, Standing]:
    """What we think lies at a location, of SKUs behind ``after`` up to ``last``."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"location_id": location_id, "after": after, "last": last})
        return {sku_id: Standing(*row) for sku_id, *row in cursor.fetchall()}


def level_ids(location_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """SKUs with a level at a location, the next ones behind one."""
    rows = StockLevel.objects.filter(location_id=location_id, sku_id__gt=after)
    return list(rows.order_by("sku_id").values_list("sku_id", flat=True)[:limit])
