"""What warehouses are asked, and what they answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.inventory.types.lot import LotUnits
from apps.inventory.types.reservation import StockLine

TaskKind = Literal["pick", "receipt"]
TaskStatus = Literal[
    "REQUESTED", "SENT", "ACCEPTED", "PICKED", "SHORT", "DONE", "FAILED", "CANCELLED"
]
ReportStatus = Literal["accepted", "working", "completed", "cancelled"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestPick:
    """Have units of an order picked at a location; without ``lines`` all that is allocated there.

    A ``task_id`` used before is that task.
    """

    location: str
    order_id: UUID
    lines: tuple[StockLine, ...] = ()
    task_id: UUID | None = None
    actor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnounceReceipt:
    """Tell a warehouse that goods are going to arrive.

    A ``reference`` that is a delivery's number says that they are that delivery's, which has counted them.
    ``incoming``: count them among what is expected there, where nobody else has.
    """

    location: str
    lines: tuple[StockLine, ...]
    reference: str = ""
    incoming: bool = True
    task_id: UUID | None = None
    actor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLine:
    """Units of a SKU: wanted, done in good order, damaged; and how many of which lots.

    ``code`` is the SKU's, where a person or another system is to read it.
    """

    sku_id: UUID
    quantity: int
    done: int = 0
    damaged: int = 0
    lots: dict[str, int] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WarehouseTask:
    """A task and how far it is."""

    id: UUID
    location: str
    kind: TaskKind
    status: TaskStatus
    order_id: UUID | None
    inbound_id: UUID | None
    reference: str
    pending: str
    sequence: int
    tries: int
    last_error: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    lines: tuple[TaskLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportedLine:
    """All that was done of a SKU so far, however often it was told before. ``serials`` are of those that are new."""

    sku_id: UUID
    quantity: int
    done: int
    damaged: int = 0
    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class WarehouseReport:
    """A task as the warehouse has it, after so many changes: the higher ``sequence`` is the newer."""

    task_id: UUID
    sequence: int
    status: ReportStatus
    lines: tuple[ReportedLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WarehouseStock:
    """Units of a SKU on a warehouse's shelves: what it says, and what we think; ``staged`` ones are picked."""

    sku_id: UUID
    theirs: int
    ours: int
    staged: int
    moving: bool

    @property
    def difference(self) -> int:
        return self.theirs - self.ours


@dataclass(frozen=True, kw_only=True, slots=True)
class StockComparison:
    """What came of asking a warehouse for its stock."""

    id: UUID
    location: str
    compared_at: datetime
    skus: int
    moving: int
    differing: int
    error: str
    count_id: UUID | None
