"""Which facts follow from a change of what is available."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from apps.inventory.events import AvailableUpdated, StockDepleted, StockReplenished


@dataclass(frozen=True, slots=True)
class Shift:
    """What could be promised of a SKU before a command and after it."""

    sku_id: UUID
    before: int
    after: int


def of_shifts(
    shifts: Iterable[Shift],
) -> Iterator[AvailableUpdated | StockDepleted | StockReplenished]:
    """One fact per SKU whose availability moved, and one more where it ran out or came back."""
    for shift in shifts:
        if shift.before == shift.after:
            continue
        yield AvailableUpdated(sku_id=shift.sku_id, available=shift.after)
        if shift.after == 0:
            yield StockDepleted(sku_id=shift.sku_id)
        elif shift.before == 0:
            yield StockReplenished(sku_id=shift.sku_id, available=shift.after)
