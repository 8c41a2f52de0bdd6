"""Lots and serial numbers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class LotUnits:
    """So many units of a lot, above zero. A lot that comes for the first time says when it expires."""

    code: str
    quantity: int
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracking:
    """What a SKU's units are told apart by."""

    sku_id: UUID
    lots: bool = False
    serials: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LotStock:
    """How much of a lot is on hand at a location."""

    lot_id: UUID
    code: str
    location: str
    on_hand: int
    expires_on: date | None
    received_on: date
    expired: bool
