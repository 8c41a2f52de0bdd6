"""Stock to test with."""

from uuid import UUID

from apps.inventory import services
from apps.inventory.models import Location, StockLevel
from apps.inventory.types import ReserveStock, StockLine
from ecommerce.dimensions import LOCATION
from ecommerce.ids import new_id


def location(code: str = LOCATION, *, priority: int = 10, active: bool = True) -> Location:
    """A place, made if it is not there."""
    found, _ = Location.objects.get_or_create(
        code=code, defaults={"name": code.title(), "priority": priority, "active": active}
    )
    return found


def stocked(
    quantity: int, *, at: str = LOCATION, priority: int = 10, sku_id: UUID | None = None
) -> UUID:
    """A SKU with so many units on hand."""
    sku_id = sku_id or new_id()
    location(at, priority=priority)
    if quantity:
        services.receive_stock(sku_id=sku_id, quantity=quantity, location=at)
    return sku_id


def order_of(lines: dict[UUID, int], **fields: object) -> ReserveStock:
    """The command that holds these units for a new order."""
    return ReserveStock(
        order_id=fields.pop("order_id", None) or new_id(),  # type: ignore[arg-type]  # a builder
        lines=tuple(StockLine(sku_id=sku, quantity=units) for sku, units in lines.items()),
        **fields,  # type: ignore[arg-type]  # a builder
    )


def counts(sku_id: UUID) -> tuple[int, int, int]:
    """On hand, reserved, allocated, over all locations."""
    rows = StockLevel.objects.filter(sku_id=sku_id).values_list("on_hand", "reserved", "allocated")
    sums = [sum(column) for column in zip(*rows, strict=True)] or [0, 0, 0]
    return sums[0], sums[1], sums[2]
