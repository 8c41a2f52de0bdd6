"""What a count of a shelf may say, which variances may be booked unseen, and which still can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from apps.inventory.errors import CountedOtherwise, LotRequired, SerialRequired
from apps.inventory.types import FoundUnits, ShelfCount, Tracking


@dataclass(frozen=True, slots=True)
class Off:
    """Units of a lot, or one with a number, of which another number lies there than the ledger says."""

    lot: str
    serial: str
    variance: int
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A level as it is when a count of it is booked: units by lot, days on which lots expire, and where
    the numbers of the count are on hand, if anywhere."""

    on_hand: int = 0
    promised: int = 0
    lots: Mapping[str, int] = field(default_factory=dict)
    expiries: Mapping[str, date | None] = field(default_factory=dict)
    serials: Mapping[str, UUID | None] = field(default_factory=dict)


def is_large(
    units: int, expected: int, *, hold_units: int | None, hold_percent: int | None
) -> bool:
    """Is a variance of so many units at or above one of the thresholds? ``hold_percent`` is of what was
    expected. Found units where none were expected are above any percentage.
    """
    units = abs(units)
    if units == 0:
        return False
    if hold_units is not None and units >= hold_units:
        return True
    return hold_percent is not None and units * 100 >= hold_percent * expected


def told_apart(count: ShelfCount, tracking: Tracking) -> ShelfCount:
    """The count with an entry for each lot, or each number, that was found.

    Raises LotRequired, SerialRequired where units are not named as the SKU's are told apart, and
    CountedOtherwise where they are named though they are not told apart so.
    """
    sku_id = str(count.sku_id)
    if tracking.serials:
        numbers = {one.serial for one in count.found}
        if len(numbers) != count.counted or len(count.found) != count.counted or "" in numbers:
            raise SerialRequired("each unit that lies there has its number noted", sku_id=sku_id)
        if any(one.quantity != 1 for one in count.found):
            raise SerialRequired("a number is of one unit", sku_id=sku_id)
    elif any(one.serial for one in count.found):
        raise CountedOtherwise("The units of this SKU have no numbers.", sku_id=sku_id)
    if not tracking.lots:
        if any(one.lot for one in count.found):
            raise CountedOtherwise("The units of this SKU are of no lots.", sku_id=sku_id)
        return count
    if len({(one.lot, one.expires_on) for one in count.found}) > len(
        {one.lot for one in count.found}
    ):
        raise LotRequired("units of a lot expire on one day", sku_id=sku_id)
    return count if tracking.serials else _by_lot(count)


def _by_lot(count: ShelfCount) -> ShelfCount:
    lots: dict[str, FoundUnits] = {}
    for one in count.found:
        known = lots.get(one.lot)
        units = one.quantity + (known.quantity if known else 0)
        lots[one.lot] = replace(one, quantity=units)
    if "" in lots or sum(one.quantity for one in lots.values()) != count.counted:
        raise LotRequired("the lots that lie there are noted, and add up", sku_id=str(count.sku_id))
    return replace(count, found=tuple(lots.values()))


def misfit(differences: Sequence[Off], now: Standing, location_id: UUID) -> str:
    """Why differences by lot or number cannot be booked as things are by now; empty where they can."""
    for one in differences:
        if why := _why_not(one, now, location_id):
            return why
    net = sum(one.variance for one in differences)
    if now.on_hand + net < now.promised:
        return f"{net:+d} does not fit: {now.on_hand} on hand, {now.promised} promised to orders"
    return ""


def _why_not(one: Off, now: Standing, location_id: UUID) -> str:
    if one.serial:
        at = now.serials.get(one.serial)
        if one.variance < 0:
            return "" if at == location_id else f"{one.serial} has left since it was counted"
        if at is not None:
            elsewhere = "here by now" if at == location_id else "at another location"
            return f"{one.serial} is on hand {elsewhere}"
    elif one.variance < 0:
        left = now.lots.get(one.lot, 0)
        return "" if left + one.variance >= 0 else f"{left} of lot {one.lot} are left"
    known = now.expiries.get(one.lot, one.expires_on)
    fits = one.expires_on is None or known == one.expires_on
    return "" if fits else f"lot {one.lot} expires on {known}"
