"""Stock: how much of it lies where, and what changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.inventory.types.lot import LotUnits
from ecommerce.dimensions import LOCATION, SELLER


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """A SKU's stock over all active locations. ``available`` is what can still be promised of it.

    A hold that has run out is not counted as reserved, swept or not. Of a kit, each number is of whole
    kits. ``beyond`` is what may be ordered beyond the stock by the SKU's policy, promised for
    ``promised_at`` where a day is known. ``safety_buffer`` is what the policy keeps back from channels.
    ``damaged`` lies beside what is on hand and cannot be sold; ``incoming`` is on its way.
    """

    sku_id: UUID
    available: int = 0
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    damaged: int = 0
    incoming: int = 0
    beyond: int = 0
    promised_at: datetime | None = None
    safety_buffer: int = 0

    @property
    def orderable(self) -> int:
        return self.available + self.beyond

    @property
    def in_stock(self) -> bool:
        return self.available > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A SKU's stock at one location. ``version`` counts its ledger entries; ``held``: nothing new is promised."""

    sku_id: UUID
    location: str
    seller: str
    on_hand: int
    reserved: int
    allocated: int
    version: int
    updated_at: datetime
    damaged: int = 0
    incoming: int = 0
    held: bool = False

    @property
    def available(self) -> int:
        """What can be promised still."""
        return 0 if self.held else self.on_hand - self.reserved - self.allocated


@dataclass(frozen=True, kw_only=True, slots=True)
class SkuStock:
    """A SKU's stock: the sum over active locations, and each location's level."""

    total: Availability
    levels: tuple[Level, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdjustStock:
    """Change on-hand by ``delta`` units, and those that cannot be sold by ``damaged_delta``: not both zero.

    Damage takes units from the first and adds them to the second, so there ``delta`` says it all.
    Units that are told apart are named by ``lots`` and ``serials``: always when they come; when they leave, those
    that expire first are taken where none is named.
    ``idempotency_key`` makes a repeat harmless: the second time the first movement comes back.
    """

    sku_id: UUID
    delta: int
    reason: str
    location: str = LOCATION
    kind: str = "adjustment"
    seller: str = SELLER
    reference: str = ""
    actor: str = ""
    damaged_delta: int = 0
    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()
    idempotency_key: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferStock:
    """Move units from one location to another."""

    sku_id: UUID
    quantity: int
    source: str
    destination: str
    reason: str = ""
    actor: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CountStock:
    """So many units were counted at a location."""

    sku_id: UUID
    on_hand: int
    location: str = LOCATION
    seller: str = SELLER
    reason: str = "counted"
    reference: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StockChange:
    """A ledger entry as written, or the one that was written the first time (``replayed``)."""

    movement_id: UUID
    sku_id: UUID
    location: str
    kind: str
    delta: int
    on_hand: int
    reserved: int
    allocated: int
    version: int
    replayed: bool = False
    damaged_delta: int = 0
    damaged: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.allocated


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkItem:
    """What became of one item of a bulk adjustment."""

    index: int
    status: Literal["applied", "replayed", "refused"]
    change: StockChange | None = None
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationSummary:
    """What lies at a location."""

    id: UUID
    code: str
    name: str
    kind: str
    country: str
    sku_count: int
    on_hand: int
    reserved: int
    allocated: int
    available: int
    damaged: int = 0
    incoming: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingChange:
    """So many more or fewer units on their way to a location.

    ``reference`` names the occasion for ever: the second time of one changes nothing.
    """

    sku_id: UUID
    delta: int
    reference: str
    location: str = LOCATION
    seller: str = SELLER


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningStock:
    """A row of the bulk loader: a level with its opening movement."""

    sku_id: UUID
    on_hand: int
    location: str = LOCATION
    seller: str = SELLER


@dataclass(frozen=True, kw_only=True, slots=True)
class StockAudit:
    """Differences between levels and what they must equal. All empty means the books are right.

    Each maps ``sku@location`` (of backorders ``sku``) to (what the level says, what it should say).
    """

    levels: int
    movements: int
    reservations: int
    off: Mapping[str, Mapping[str, tuple[int, int]]]
    """What differs, by the check that found it: a hundred of each at most."""
    seconds: float
    peak_memory: int
    """In bytes, of this process in its whole life."""
    database_peak_memory: int | None
    """Likewise of the database's process that answered; None where it is on another machine."""

    @property
    def clean(self) -> bool:
        return not any(self.off.values())
