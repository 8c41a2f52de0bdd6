"""What warehouses do for us. Keyed by the task."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskUnits:
    """Units of a SKU: wanted, done in good order, damaged."""

    sku_id: UUID
    quantity: int
    done: int
    damaged: int


@event("ecommerce.inventory.warehouse.pick_created.v1", key="task_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PickCreated:
    """A location is to pick units of an order."""

    task_id: UUID
    location_id: str
    order_id: UUID
    lines: tuple[TaskUnits, ...]


@event("ecommerce.inventory.warehouse.pick_completed.v1", key="task_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PickCompleted:
    """All was picked that was found; ``short`` says that not all was."""

    task_id: UUID
    location_id: str
    order_id: UUID
    short: bool
    lines: tuple[TaskUnits, ...]


@event("ecommerce.inventory.warehouse.receipt_completed.v1", key="task_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptCompleted:
    """Goods have arrived, and nothing more of them will."""

    task_id: UUID
    location_id: str
    reference: str
    lines: tuple[TaskUnits, ...]
