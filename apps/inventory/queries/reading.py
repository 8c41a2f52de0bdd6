"""ORM reads of inventory, made into plain values."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum

from apps.inventory.models import Location, Reservation, ReservationLine, StockLevel
from apps.inventory.types import Availability, Level, LocationSummary, ReservedLine, SkuStock
from apps.inventory.types import Reservation as ReservationView
from ecommerce.dimensions import SELLER

_AVAILABILITY = """
SELECT w.sku_id, coalesce(sum(l.on_hand), 0)::int, coalesce(sum(l.reserved), 0)::int,
       coalesce(sum(l.allocated), 0)::int, coalesce(sum(l.damaged), 0)::int,
       coalesce(sum(l.incoming), 0)::int,
       coalesce(sum(l.on_hand - l.reserved - l.allocated) FILTER (WHERE NOT l.held), 0)::int
FROM unnest(%s::uuid[]) AS w(sku_id)
LEFT JOIN (inventory_stocklevel l JOIN inventory_location p ON p.id = l.location_id AND p.active)
    ON l.sku_id = w.sku_id
GROUP BY w.sku_id
"""


def availability(sku_ids: Collection[UUID]) -> dict[UUID, Availability]:
    """Stock per SKU over the active locations; a SKU without stock has zeros."""
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABILITY, [list(sku_ids)])
        rows = cursor.fetchall()
    return {
        sku_id: Availability(
            sku_id=sku_id,
            available=available,
            on_hand=on_hand,
            reserved=reserved,
            allocated=allocated,
            damaged=damaged,
            incoming=incoming,
        )
        for sku_id, on_hand, reserved, allocated, damaged, incoming, available in rows
    }


def sku_stock(sku_id: UUID, location: str | None) -> SkuStock:
    """A SKU's levels, all or at one location, and their sum over active locations."""
    levels = StockLevel.objects.filter(sku_id=sku_id)
    if location:
        levels = levels.filter(location__code=location)
    rows = list(_levels(levels))
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


def _levels(levels: QuerySet[StockLevel]) -> Iterable[tuple[Level, bool]]:
    rows = levels.order_by("location__priority", "location__code").select_related("location")
    for row in rows:
        level = Level(
            sku_id=row.sku_id,
            location=row.location.code,
            seller=row.seller,
            on_hand=row.on_hand,
            reserved=row.reserved,
            allocated=row.allocated,
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


def as_view(header: Reservation) -> ReservationView:
    """A reservation with its lines: one statement for those."""
    lines = (
        ReservationLine.objects.filter(reservation=header)
        .order_by("sku_id", "location__code")
        .values_list("sku_id", "location__code", "quantity", "shipped")
    )
    return ReservationView(
        id=header.id,
        order_id=header.order_id,
        status=header.status,  # type: ignore[arg-type]  # the column has the same choices
        expires_at=header.expires_at,
        created_at=header.created_at,
        lines=tuple(
            ReservedLine(sku_id=sku_id, location=code, quantity=quantity, shipped=shipped)
            for sku_id, code, quantity, shipped in lines
        ),
    )


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


def location_ids(codes: Collection[str]) -> dict[str, UUID]:
    """The ids of locations by their codes."""
    return dict(Location.objects.filter(code__in=codes).values_list("code", "id"))


def location_summary(location: Location) -> LocationSummary:
    """The sums over a location's levels."""
    sums = StockLevel.objects.filter(location=location).aggregate(
        skus=Count("id"),
        on_hand=Sum("on_hand", default=0),
        reserved=Sum("reserved", default=0),
        allocated=Sum("allocated", default=0),
        damaged=Sum("damaged", default=0),
        incoming=Sum("incoming", default=0),
    )
    return LocationSummary(
        id=location.id,
        code=location.code,
        name=location.name,
        kind=location.kind,
        country=location.country,
        sku_count=sums["skus"],
        on_hand=sums["on_hand"],
        reserved=sums["reserved"],
        allocated=sums["allocated"],
        available=sums["on_hand"] - sums["reserved"] - sums["allocated"],
        damaged=sums["damaged"],
        incoming=sums["incoming"],
    )
