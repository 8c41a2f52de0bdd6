"""Stock on its way from one location to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.inventory.types.reservation import StockLine

TransferStatus = Literal[
    "REQUESTED",
    "IN_TRANSIT",
    "PARTIALLY_RECEIVED",
    "RECEIVED",
    "DISCREPANCY",
    "CLOSED",
    "CANCELLED",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestTransfer:
    """Units that are to go from one location to another. A ``transfer_id`` used before is that transfer."""

    lines: tuple[StockLine, ...]
    source: str
    destination: str
    reason: str = ""
    actor: str = ""
    transfer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivedLine:
    """What came of a SKU: so many good units, so many that cannot be sold."""

    sku_id: UUID
    received: int = 0
    damaged: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveTransfer:
    """What arrived. ``complete`` means that nothing more will come: what is missing is lost.

    ``receipt`` names the arrival within the transfer: the second time of one changes nothing.
    """

    transfer_id: UUID
    lines: tuple[ArrivedLine, ...]
    receipt: str
    complete: bool = False
    reason: str = ""
    actor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferLine:
    """Units of a SKU: sent, and what became of them."""

    sku_id: UUID
    quantity: int
    received: int
    damaged: int
    lost: int

    @property
    def outstanding(self) -> int:
        return self.quantity - self.received - self.damaged - self.lost


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """A transfer and its lines, by SKU."""

    id: UUID
    source: str
    destination: str
    status: TransferStatus
    reason: str
    requested_at: datetime
    shipped_at: datetime | None
    closed_at: datetime | None
    lines: tuple[TransferLine, ...]
