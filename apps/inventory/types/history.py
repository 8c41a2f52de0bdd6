"""What stock was, and why it is what it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.inventory.types.lot import LotUnits
from ecommerce.dimensions import LOCATION, SELLER

MovementType = Literal["receipt", "return", "scrap", "damage", "adjustment"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """What lay at a location at some time, after the movement ``version`` of ``moved_at``."""

    location: str
    on_hand: int
    damaged: int
    version: int
    moved_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StockThen:
    """A SKU's stock as of some time: the sum over active locations, and what lay where."""

    sku_id: UUID
    at: datetime
    on_hand: int
    damaged: int
    balances: tuple[Balance, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MovedUnits:
    """What movements of one kind did in a span of time; ``references`` are the latest ten at most."""

    kind: str
    movements: int
    delta: int
    damaged_delta: int
    references: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why on-hand is what it is: what lay there before ``since``, and what moved until ``at``.

    ``opening_on_hand`` and the deltas of ``parts`` add up to ``on_hand``, those of damaged units likewise.
    """

    sku_id: UUID
    location: str
    since: datetime
    at: datetime
    on_hand: int
    damaged: int
    opening_on_hand: int
    opening_damaged: int
    parts: tuple[MovedUnits, ...]
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordMovement:
    """A movement by hand: ``quantity`` units of a kind.

    Above zero, except that an adjustment below zero takes units away. ``damaged`` means units that cannot
    be sold: received or returned as such, scrapped from among them. Damage itself turns sellable units
    into those.
    """

    sku_id: UUID
    kind: MovementType
    quantity: int
    reason: str
    damaged: bool = False
    location: str = LOCATION
    seller: str = SELLER
    reference: str = ""
    actor: str = ""
    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()
    idempotency_key: str | None = None
