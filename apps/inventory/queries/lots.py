"""Lots and serial numbers in the database. Balances change only while their level is locked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Now, TruncDate

from apps.inventory.domain.lots import OnShelf, Taken
from apps.inventory.models import (
    Lot,
    LotBalance,
    MovementLot,
    MovementSerial,
    Serial,
    SkuTracking,
    StockLevel,
    StockTransfer,
)
from apps.inventory.queries.stripes import FREE
from apps.inventory.types import LotStock, Tracking
from ecommerce.sql import fetch_all

_SHELF = """
SELECT b.lot_id, o.code, b.on_hand, coalesce(o.expires_on < current_date, false)
FROM inventory_lotbalance b JOIN inventory_lot o ON o.id = b.lot_id
WHERE b.sku_id = %(sku_id)s AND b.location_id = %(location_id)s AND b.on_hand > 0
ORDER BY o.expires_on NULLS LAST, o.received_on, o.code
"""
_MOVE = """
INSERT INTO inventory_lotbalance AS b (lot_id, sku_id, location_id, on_hand)
SELECT t.lot_id, %(sku_id)s, %(location_id)s, greatest(t.delta, 0)
FROM unnest(%(lots)s::uuid[], %(deltas)s::int[]) AS t(lot_id, delta)
ON CONFLICT (lot_id, location_id) DO UPDATE SET on_hand = b.on_hand + (
    SELECT d.delta FROM unnest(%(lots)s::uuid[], %(deltas)s::int[]) AS d(lot_id, delta)
    WHERE d.lot_id = b.lot_id)
RETURNING lot_id
"""
# What left on a transfer and has not come yet, in the order in which it expires.
_TRAVELLING = """
SELECT o.code, -sum(m.delta)::int, o.expires_on
FROM inventory_movementlot m JOIN inventory_lot o ON o.id = m.lot_id
WHERE m.reference = %(reference)s AND m.kind IN ('transfer_out', 'transfer_in')
  AND o.sku_id = %(sku_id)s
GROUP BY o.id HAVING sum(m.delta) < 0
ORDER BY o.expires_on NULLS LAST, o.received_on, o.code
"""
_EXPIRED = f"""
SELECT o.sku_id, o.id, o.code, p.code, l.seller, least(b.on_hand, {FREE})
FROM inventory_lot o JOIN inventory_lotbalance b ON b.lot_id = o.id AND b.on_hand > 0
JOIN inventory_stocklevel l ON l.sku_id = b.sku_id AND l.location_id = b.location_id
JOIN inventory_location p ON p.id = b.location_id
WHERE o.expires_on < %(today)s AND {FREE} > 0
ORDER BY o.sku_id, p.id, o.expires_on LIMIT %(limit)s
"""


def tracking_of(sku_ids: Collection[UUID]) -> dict[UUID, Tracking]:
    """What these SKUs' units are told apart by; those that are not are left out."""
    rows = SkuTracking.objects.filter(Q(lots=True) | Q(serials=True), sku_id__in=sku_ids)
    return {r.sku_id: Tracking(sku_id=r.sku_id, lots=r.lots, serials=r.serials) for r in rows}


def write_tracking(tracking: Tracking) -> None:
    """Have a SKU's units told apart so."""
    SkuTracking.objects.update_or_create(
        sku_id=tracking.sku_id,
        defaults={"lots": tracking.lots, "serials": tracking.serials},
    )


def locked_levels(sku_id: UUID) -> list[tuple[UUID, int]]:
    """Every level of a SKU, locked: location and units on hand."""
    levels = StockLevel.objects.filter(sku_id=sku_id).order_by("location_id").select_for_update()
    return list(levels.values_list("location_id", "on_hand"))


def shelf(sku_id: UUID, location_id: UUID) -> list[OnShelf]:
    """The lots on hand at a location, in the order in which they expire."""
    rows = fetch_all(_SHELF, sku_id=sku_id, location_id=location_id)
    return [OnShelf(*row) for row in rows]


def lots_named(sku_id: UUID, codes: Collection[str]) -> dict[str, tuple[UUID, date | None]]:
    """The lots of a SKU by their codes, and when they expire."""
    found = Lot.objects.filter(sku_id=sku_id, code__in=codes)
    return {code: (id_, on) for code, id_, on in found.values_list("code", "id", "expires_on")}


def add_lot(sku_id: UUID, code: str, expires_on: date | None) -> UUID:
    """A lot of today."""
    lot, _ = Lot.objects.get_or_create(
        sku_id=sku_id,
        code=code,
        defaults={"expires_on": expires_on, "received_on": TruncDate(Now())},
    )
    return lot.id


def move(sku_id: UUID, location_id: UUID, taken: Taken) -> None:
    """Change balances by these units, signed."""
    lots, deltas = [lot for lot, _ in taken], [units for _, units in taken]
    fetch_all(_MOVE, sku_id=sku_id, location_id=location_id, lots=lots, deltas=deltas)


def write_lines(rows: Iterable[MovementLot]) -> None:
    """The lots of movements."""
    MovementLot.objects.bulk_create(rows)


def travelling(reference: str, sku_id: UUID) -> list[tuple[str, int, date | None]]:
    """Lot, units and expiry of what a transfer carries still."""
    rows: list[Any] = fetch_all(_TRAVELLING, reference=reference, sku_id=sku_id)
    return rows


def serials_at(sku_id: UUID, location_id: UUID) -> "QuerySet[Serial]":
    """Units of a SKU with numbers at a location, the first to expire and to come first."""
    there = Serial.objects.filter(sku_id=sku_id, location_id=location_id)
    return there.order_by(F("lot__expires_on").asc(nulls_last=True), "id")


def serials_named(sku_id: UUID, numbers: Collection[str]) -> dict[str, Serial]:
    """Units of a SKU by their numbers."""
    return {one.number: one for one in Serial.objects.filter(sku_id=sku_id, number__in=numbers)}


def travelling_serials(reference: str, sku_id: UUID, limit: int) -> list[str]:
    """Numbers of units that a transfer carries still: that they left by it is the last that is known of them."""
    sent = _sent_last().filter(reference=reference, serial__sku_id=sku_id, serial__location=None)
    return list(sent.order_by("id").values_list("serial__number", flat=True)[:limit])


def on_the_way(serials: Collection[Serial]) -> set[str]:
    """Which of these units a transfer carries still that has not been settled."""
    sent = _sent_last().filter(serial__in=serials)
    carried = dict(sent.values_list("serial__number", "reference"))
    if not carried:
        return set()
    open_ones = StockTransfer.objects.filter(status__in=["IN_TRANSIT", "PARTIALLY_RECEIVED"])
    named = open_ones.annotate(name=Cast("id", CharField())).filter(name__in=carried.values())
    going = set(named.values_list("name", flat=True))
    return {number for number, reference in carried.items() if reference in going}


def _sent_last() -> "QuerySet[MovementSerial]":
    later = MovementSerial.objects.filter(serial=OuterRef("serial"), id__gt=OuterRef("id"))
    return MovementSerial.objects.filter(~Exists(later), kind="transfer_out")


def put_serials(
    serials: Sequence[Serial], movement: tuple[UUID, datetime, str, str], location_id: UUID | None
) -> None:
    """Units came to a location, or left it (None), by a movement."""
    movement_id, moved_at, kind, reference = movement
    for one in serials:
        one.location_id = location_id
    Serial.objects.bulk_create(
        serials,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["location", "lot"],
    )
    MovementSerial.objects.bulk_create(
        MovementSerial(
            movement_id=movement_id, moved_at=moved_at, kind=kind, reference=reference, serial=one
        )
        for one in serials
    )


def lot_stock(sku_id: UUID, location: str | None) -> list[LotStock]:
    """What is on hand of each lot of a SKU, in the order in which they expire."""
    balances = LotBalance.objects.filter(sku_id=sku_id, on_hand__gt=0)
    if location:
        balances = balances.filter(location__code=location)
    rows = balances.annotate(today=TruncDate(Now())).select_related("lot", "location")
    ordered = rows.order_by(
        F("lot__expires_on").asc(nulls_last=True), "lot__received_on", "lot__code", "location__code"
    )
    return [
        LotStock(
            lot_id=row.lot_id,
            code=row.lot.code,
            location=row.location.code,
            on_hand=row.on_hand,
            expires_on=row.lot.expires_on,
            received_on=row.lot.received_on,
            expired=row.lot.expires_on is not None and row.lot.expires_on < row.today,
        )
        for row in ordered
    ]


def sent_of(lot_id: UUID) -> "QuerySet[MovementLot]":
    """Movements by which units of a lot left for orders, to be paged through."""
    left = MovementLot.objects.filter(lot_id=lot_id, kind__in=["shipment", "pick"])
    return left.annotate(location_code=F("location__code"))


def expired(today: date, limit: int) -> list[tuple[UUID, UUID, str, str, str, int]]:
    """SKU, lot, its code, location, seller and units of what has expired and is promised to nobody."""
    rows: list[Any] = fetch_all(_EXPIRED, today=today, limit=limit)
    return rows
