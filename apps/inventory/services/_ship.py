"""Let allocated stock leave the house."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.inventory.domain.order_lines import merged
from apps.inventory.errors import NoReservation, NotAllocated, ReservationClosed
from apps.inventory.models import MovementKey, ReservationLine, ReservedKit
from apps.inventory.models import Reservation as ReservationRow
from apps.inventory.queries import reading
from apps.inventory.queries.ledger import Entry
from apps.inventory.services._write import location_ids, write_all
from apps.inventory.services.allocation import note_shipped
from apps.inventory.types import Reservation, StockLine
from ecommerce.dimensions import SELLER
from ecommerce.ids import new_id


@transaction.atomic
def ship_stock(*, order_id: UUID, lines: Sequence[StockLine], reference: str = "") -> Reservation:
    """Take what an order has allocated out of on-hand, because it left.

    ``reference`` names the shipment: repeating one changes nothing. An order that ships in parts
    gives each part a reference of its own. Kits leave as their components; backordered units have to have
    come first. Raises NotAllocated if a line is more than is still
    allocated, ReservationClosed if the order is not confirmed.
    """
    held = reading.reservation(order_id=order_id, lock=True)
    if held is None:
        raise NoReservation(f"order {order_id} holds no stock")
    reference = reference or str(order_id)
    if MovementKey.objects.filter(key__startswith=f"ship:{reference}:").exists():
        return held
    if held.status != "CONFIRMED":
        raise ReservationClosed(f"the reservation is {held.status}", status=held.status)
    wanted = merged(lines)
    kits = {kit.sku_id: wanted.pop(kit.sku_id) for kit in held.kits if kit.sku_id in wanted}
    parts = _parts(held, _with_components(held, wanted, kits))
    write_all(_entries(parts, held.order_id, reference))
    for (sku_id, location), quantity in parts.items():
        ReservationLine.objects.filter(
            reservation_id=held.id, sku_id=sku_id, location__code=location
        ).update(shipped=F("shipped") + quantity)
    for kit, quantity in kits.items():
        ReservedKit.objects.filter(reservation_id=held.id, kit_sku_id=kit).update(
            shipped=F("shipped") + quantity
        )
    _close_if_empty(held, sum(parts.values()))
    after = reading.reservation(id=held.id)
    assert after is not None  # noqa: S101 its row is locked by us
    return after


def _with_components(
    held: Reservation, wanted: dict[UUID, int], kits: dict[UUID, int]
) -> dict[UUID, int]:
    """Kits leave as the components that they were when they were reserved."""
    units = Counter(wanted)
    for kit in held.kits:
        quantity = kits.get(kit.sku_id, 0)
        if quantity > kit.quantity - kit.shipped:
            missing = {str(kit.sku_id): quantity - kit.quantity + kit.shipped}
            raise NotAllocated("more kits are to ship than are allocated", missing=missing)
        for sku_id, each in kit.components.items():
            units[sku_id] += quantity * each
    return dict(sorted((sku_id, n) for sku_id, n in units.items() if n))


def _parts(held: Reservation, wanted: dict[UUID, int]) -> dict[tuple[UUID, str], int]:
    parts: dict[tuple[UUID, str], int] = {}
    left: Counter[UUID] = Counter(wanted)
    for line in held.lines:
        take = min(left[line.sku_id], line.quantity - line.shipped)
        if take > 0:
            parts[line.sku_id, line.location] = take
            left[line.sku_id] -= take
    missing = {str(sku_id): units for sku_id, units in left.items() if units}
    if missing:
        raise NotAllocated("more is to ship than is allocated", missing=missing)
    return parts


def _entries(parts: dict[tuple[UUID, str], int], order_id: UUID, reference: str) -> list[Entry]:
    codes = sorted({location for _, location in parts})
    ids = dict(zip(codes, location_ids(*codes), strict=True))
    return [
        Entry(
            id=new_id(),
            sku_id=sku_id,
            location_id=ids[location],
            kind="shipment",
            delta=-quantity,
            unallocate=quantity,
            reason="shipped",
            seller=SELLER,
            reference=str(order_id),
            key=f"ship:{reference}:{sku_id}:{location}",
        )
        for (sku_id, location), quantity in parts.items()
    ]


def _close_if_empty(held: Reservation, shipped_now: int) -> None:
    open_units = sum(line.quantity - line.shipped for line in held.lines)
    if open_units == shipped_now and not any(late.open for late in held.backordered):
        ReservationRow.objects.filter(id=held.id).update(status="SHIPPED")
        note_shipped(order_id=held.order_id)
