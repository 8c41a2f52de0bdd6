"""Reads of allocations."""

from uuid import UUID

from apps.inventory.errors import NoAllocation
from apps.inventory.models import Allocation as AllocationRow
from apps.inventory.queries import allocation, lots
from apps.inventory.queries.allocation import Line
from apps.inventory.types import AllocatedLine, Allocation


def get_allocation(*, allocation_id: UUID) -> Allocation:
    """Where an order's units are sent from, how far that is, and why. Raises NoAllocation."""
    row = AllocationRow.objects.filter(id=allocation_id).first()
    if row is None:
        raise NoAllocation(f"no allocation {allocation_id}")
    lines = allocation.lines([row.order_id])
    tracked = {
        sku for sku, told in lots.tracking_of({one.sku_id for one in lines}).items() if told.lots
    }
    return Allocation(
        id=row.id,
        order_id=row.order_id,
        reservation_id=row.reservation_id,
        status=row.status,  # type: ignore[arg-type]  # the column has the same choices
        channel=row.channel,
        country=row.country,
        created_at=row.created_at,
        updated_at=row.updated_at,
        decision=row.decision,
        lines=tuple(_line(line, line.sku_id in tracked) for line in lines),
    )


def _line(line: Line, has_lots: bool) -> AllocatedLine:
    return AllocatedLine(
        sku_id=line.sku_id,
        location=line.code,
        quantity=line.quantity,
        picked=max(line.picked, line.shipped),
        shipped=line.shipped,
        lots=_first_lots(line) if has_lots else (),
    )


def _first_lots(line: Line) -> tuple[tuple[str, int], ...]:
    """The lots that would leave first if it left now: first expired, first out."""
    found = []
    left = line.quantity - line.shipped
    for lot in lots.shelf(line.sku_id, line.location_id):
        take = min(left, lot.units)
        if take and not lot.expired:
            found.append((lot.code, take))
            left -= take
    return tuple(found)
