"""ORM reads of inventory, made into plain values."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from apps.inventory.models import (
    Backorder,
    Location,
    Reservation,
    ReservationLine,
    ReservedKit,
    StockLevel,
)
from apps.inventory.queries import correcting
from apps.inventory.types import (
    Availability,
    BackorderedLine,
    HeldKit,
    Level,
    LocationSummary,
    ReservedLine,
    Shortage,
    SkuStock,
)
from apps.inventory.types import Reservation as ReservationView
from ecommerce.dimensions import SELLER

# Of a kit the least that any of its components allows. Holds that ran out and still wait for the sweep are
# found by the index of those that are due, which is short; stripes and policies are few.
_AVAILABILITY = """
WITH parts AS MATERIALIZED (
    SELECT w.kit, coalesce(c.component_sku_id, w.kit) AS sku_id, coalesce(c.quantity, 1) AS each
    FROM unnest(%(skus)s::uuid[]) AS w(kit)
    LEFT JOIN inventory_kitcomponent c ON c.kit_sku_id = w.kit
), overdue AS MATERIALIZED (
    SELECT n.sku_id, n.location_id, sum(n.quantity - n.released) AS units
    FROM inventory_reservation r JOIN inventory_reservationline n ON n.reservation_id = r.id
    WHERE r.status = 'RESERVED' AND r.expires_at <= statement_timestamp()
      AND n.sku_id = ANY(%(skus)s::uuid[] || ARRAY(SELECT sku_id FROM parts))
    GROUP BY 1, 2
), levels AS MATERIALIZED (
    SELECT l.sku_id, sum(l.on_hand)::bigint AS on_hand, sum(l.damaged)::bigint AS damaged,
           sum(l.incoming)::bigint AS incoming,
           coalesce(sum(l.on_hand - l.reserved - l.allocated + coalesce(s.free, 0) + coalesce(o.units, 0))
                    FILTER (WHERE NOT l.held), 0)::bigint AS free,
           sum(l.reserved - coalesce(s.free + s.allocated, 0) - coalesce(o.units, 0))::bigint AS reserved,
           sum(l.allocated + coalesce(s.allocated, 0))::bigint AS allocated
    FROM inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active
    LEFT JOIN LATERAL (
        SELECT sum(free) AS free, sum(allocated) AS allocated FROM inventory_stripe WHERE level_id = l.id
    ) s ON true
    LEFT JOIN overdue o ON o.sku_id = l.sku_id AND o.location_id = l.location_id
    WHERE l.sku_id = ANY(ARRAY(SELECT sku_id FROM parts)) GROUP BY l.sku_id
), standing AS (
    SELECT t.kit, t.each, coalesce(l.on_hand, 0) AS on_hand, coalesce(l.reserved, 0) AS reserved,
           coalesce(l.allocated, 0) AS allocated, coalesce(l.damaged, 0) AS damaged,
           coalesce(l.incoming, 0) AS incoming,
           greatest(0, coalesce(l.free, 0) - coalesce(y.backordered, 0))
               AS available,
           CASE WHEN y.oversell <> 'deny' AND coalesce(y.valid_from <= statement_timestamp(), true)
                 AND coalesce(y.valid_until > statement_timestamp(), true)
                 AND (y.oversell <> 'preorder' OR coalesce(y.promised_at > statement_timestamp(), true))
                THEN y.oversell_limit - y.backordered ELSE 0 END AS beyond,
           coalesce(y.promised_at, statement_timestamp() + y.lead_days * interval '1 day') AS promised_at,
           coalesce(y.safety_buffer, 0) AS safety_buffer
    FROM parts t LEFT JOIN levels l USING (sku_id) LEFT JOIN inventory_stockpolicy y USING (sku_id)
)
SELECT kit, min(available / each)::bigint, min(on_hand / each)::bigint, max(reserved / each)::bigint,
       max(allocated / each)::bigint, max(damaged / each)::bigint, min(incoming / each)::bigint,
       (min((available + beyond) / each) - min(available / each))::bigint,
       max(promised_at) FILTER (WHERE beyond > 0), max(safety_buffer)::int
FROM standing GROUP BY kit
"""


def availability(sku_ids: Collection[UUID]) -> dict[UUID, Availability]:
    """Stock per SKU over the active locations; a SKU without stock has zeros."""
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABILITY, {"skus": list(sku_ids)})
        return {
            row[0]: Availability(**dict(zip(_COLUMNS, row, strict=True)))
            for row in cursor.fetchall()
        }


_COLUMNS = (
    "sku_id",
    "available",
    "on_hand",
    "reserved",
    "allocated",
    "damaged",
    "incoming",
    "beyond",
    "promised_at",
    "safety_buffer",
)


def sku_stock(sku_id: UUID, location: str | None) -> SkuStock:
    """A SKU's levels, all or at one location, and their sum over active locations."""
    levels = StockLevel.objects.filter(sku_id=sku_id)
    if location:
        levels = levels.filter(location__code=location)
    rows = list(_levels(levels, correcting.corrections(sku_id)))
    counted = [level for level, active in rows if active or location]
    return SkuStock(
        total=Availability(
            sku_id=sku_id,
            available=sum(level.available for level in counted),
            on_hand=sum(level.on_hand for level in counted),
            reserved=sum(level.reserved for level in counted),
            allocated=sum(level.allocated for level in counted),
            damaged=sum(level.damaged for level in counted),
            incoming=sum(level.incoming for level in counted),
        ),
        levels=tuple(level for level, _ in rows),
    )


def _levels(
    levels: QuerySet[StockLevel], corrections: dict[UUID, tuple[int, int]]
) -> Iterable[tuple[Level, bool]]:
    rows = levels.order_by("location__priority", "location__code").select_related("location")
    for row in rows:
        reserved, allocated = corrections.get(row.location_id, (0, 0))
        level = Level(
            sku_id=row.sku_id,
            location=row.location.code,
            seller=row.seller,
            on_hand=row.on_hand,
            reserved=row.reserved + reserved,
            allocated=row.allocated + allocated,
            damaged=row.damaged,
            incoming=row.incoming,
            held=row.held,
            version=row.version,
            updated_at=row.updated_at,
        )
        yield level, row.location.active


def reservation(*, lock: bool = False, **by: Any) -> ReservationView | None:
    """A reservation by its id or order, its row locked if asked for; None if there is none."""
    found = Reservation.objects.filter(**by)
    header = (found.select_for_update() if lock else found).first()
    return None if header is None else as_view(header)


def first_hold(order_id: UUID) -> tuple[ReservationView, dict[UUID, int] | None]:
    """An order's reservation and what the call that made it asked for, which older ones did not keep."""
    header = Reservation.objects.get(order_id=order_id)
    asked = header.asked
    return as_view(header), asked and {UUID(sku_id): units for sku_id, units in asked.items()}


def as_view(header: Reservation) -> ReservationView:
    """A reservation with its lines: one statement for those."""
    lines = (
        ReservationLine.objects.filter(reservation=header)
        .order_by("sku_id", "location__code")
        .values_list("sku_id", "location__code", "quantity", "shipped")
    )
    view = ReservationView(
        id=header.id,
        order_id=header.order_id,
        status=header.status,  # type: ignore[arg-type]  # the column has the same choices
        expires_at=header.expires_at,
        created_at=header.created_at,
        lines=tuple(
            ReservedLine(sku_id=sku_id, location=code, quantity=quantity, shipped=shipped)
            for sku_id, code, quantity, shipped in lines
        ),
        reference=header.reference,
        short=tuple(
            Shortage(**one | {"sku_id": UUID(one["sku_id"])}) for one in header.short or ()
        ),
    )
    return replace(view, **extras(header.id)) if header.extras else view


def extras(reservation_id: UUID) -> dict[str, Any]:
    """The kits and backorders of a reservation that has some: two statements."""
    kits: dict[UUID, HeldKit] = {}
    for row in ReservedKit.objects.filter(reservation_id=reservation_id).order_by("id"):
        known = kits[row.kit_sku_id].components if row.kit_sku_id in kits else {}
        kits[row.kit_sku_id] = HeldKit(
            sku_id=row.kit_sku_id,
            quantity=row.quantity,
            shipped=row.shipped,
            components={**known, row.component_sku_id: row.per_kit},
        )
    late = Backorder.objects.filter(reservation_id=reservation_id).order_by("sku_id")
    return {
        "kits": tuple(kits.values()),
        "backordered": tuple(
            BackorderedLine(
                sku_id=row.sku_id,
                quantity=row.quantity,
                filled=row.filled,
                cancelled=row.cancelled,
                promised_at=row.promised_at,
            )
            for row in late
        ),
    }


def standing(sku_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], tuple[int, int, int]]:
    """On hand, promised and version of every level of these SKUs, by SKU and location."""
    rows = StockLevel.objects.filter(sku_id__in=sku_ids).values_list(
        "sku_id", "location_id", "on_hand", F("reserved") + F("allocated"), "version"
    )
    return {(sku, location): (on_hand, promised, v) for sku, location, on_hand, promised, v in rows}


def seller_at(sku_id: UUID, location_id: UUID) -> str:
    """Whose units lie there; the house's where none do."""
    level = StockLevel.objects.filter(sku_id=sku_id, location_id=location_id)
    return level.values_list("seller", flat=True).first() or SELLER


def sellers_at(sku_ids: Collection[UUID], location_id: UUID) -> dict[UUID, str]:
    """Likewise of many SKUs: one statement."""
    levels = StockLevel.objects.filter(sku_id__in=sku_ids, location_id=location_id)
    return dict.fromkeys(sku_ids, SELLER) | dict(levels.values_list("sku_id", "seller"))


def reservations(**filters: Any) -> QuerySet[Reservation]:
    """Holds without what they hold, to be paged through."""
    return Reservation.objects.filter(**filters)


def location_ids(codes: Collection[str]) -> dict[str, UUID]:
    """The ids of locations by their codes."""
    return dict(Location.objects.filter(code__in=codes).values_list("code", "id"))


def location_summary(location: Location) -> LocationSummary:
    """The sums over a location's levels. Two statements."""
    sums = StockLevel.objects.filter(location=location).aggregate(
        skus=Count("id"),
        on_hand=Sum("on_hand", default=0),
        reserved=Sum("reserved", default=0),
        allocated=Sum("allocated", default=0),
        damaged=Sum("damaged", default=0),
        incoming=Sum("incoming", default=0),
    )
    off_reserved, off_allocated = correcting.corrections_at(location.id)
    reserved, allocated = sums["reserved"] + off_reserved, sums["allocated"] + off_allocated
    return LocationSummary(
        id=location.id,
        code=location.code,
        name=location.name,
        kind=location.kind,
        country=location.country,
        sku_count=sums["skus"],
        on_hand=sums["on_hand"],
        reserved=reserved,
        allocated=allocated,
        available=sums["on_hand"] - reserved - allocated,
        damaged=sums["damaged"],
        incoming=sums["incoming"],
    )
