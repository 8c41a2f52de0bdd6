"""Which lots units are taken from: first expired, first out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.inventory.errors import LotExpired, LotShort
from apps.inventory.types import LotUnits

SELLING = frozenset({"pick", "shipment"})
"""Kinds of movement that no expired unit leaves by."""
FOUND = frozenset({"count", "opening"})
"""Kinds by which units turn up of which nobody knows the lot."""
UNKNOWN = "UNKNOWN"
"""The lot of units of which nobody knows it. It never expires."""


@dataclass(frozen=True, slots=True)
class OnShelf:
    """Units of a lot at a location; a list of these is in the order in which they expire."""

    lot_id: UUID
    code: str
    units: int
    expired: bool


Taken = list[tuple[UUID, int]]
"""Lots and units."""


def first_expired(shelf: Sequence[OnShelf], units: int, *, kind: str) -> Taken:
    """Units from those that expire first. Raises LotExpired where selling would have to take expired ones."""
    taken: Taken = []
    left = units
    for lot in shelf:
        if left and lot.units and not (lot.expired and kind in SELLING):
            take = min(left, lot.units)
            taken.append((lot.lot_id, take))
            left -= take
    if left:
        expired = sum(lot.units for lot in shelf if lot.expired)
        raise LotExpired(
            f"{left} of {units} units could only come of expired lots", expired=expired
        )
    return taken


def named(shelf: Sequence[OnShelf], wanted: Sequence[LotUnits], *, kind: str) -> Taken:
    """Units from the lots that were named. Raises LotShort, LotExpired."""
    on_shelf = {lot.code: lot for lot in shelf}
    units: Counter[str] = Counter()
    for one in wanted:
        units[one.code] += one.quantity
    taken: Taken = []
    for code, quantity in units.items():
        lot = on_shelf.get(code)
        if lot is None or lot.units < quantity:
            there = lot.units if lot else 0
            raise LotShort(f"{there} of lot {code} are there", lot=code, available=there)
        if lot.expired and kind in SELLING:
            raise LotExpired(f"lot {code} has expired", lot=code)
        taken.append((lot.lot_id, quantity))
    return taken
