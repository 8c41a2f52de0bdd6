"""Units that are told apart follow every movement of their SKU: lots by first expired, serial numbers one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.inventory.domain.lots import FOUND, UNKNOWN, Taken, first_expired, named
from apps.inventory.errors import LotRequired, LotShort, NotTracked, SerialRequired
from apps.inventory.models import MovementLot, Serial
from apps.inventory.queries import lots
from apps.inventory.queries.ledger import Entry, Written
from apps.inventory.types import LotUnits


@dataclass(frozen=True, slots=True)
class _Moved:
    """What an entry did to the lots and serials of its level."""

    lots: Taken
    serials: tuple[str, ...]


def follow(entries: Sequence[Entry], written: Sequence[Written]) -> None:
    """Move lots and serials as the entries moved on-hand, their levels being locked.

    Nothing to do, and no statement, where no SKU is told apart. Raises LotRequired, SerialRequired, NotTracked,
    LotShort, LotExpired: the caller's transaction must not go on.
    """
    done: dict[UUID, _Moved] = {}
    for entry, outcome in zip(entries, written, strict=True):
        if outcome.outcome != "applied":
            continue
        if (entry.lots and not outcome.tracks_lots) or (
            entry.serials and not outcome.tracks_serials
        ):
            raise NotTracked("it has no such lots or numbers", sku_id=str(entry.sku_id))
        if entry.delta and outcome.tracked:
            done[entry.id] = _follow(entry, outcome, done.get(entry.like) if entry.like else None)


def _follow(entry: Entry, outcome: Written, like: _Moved | None) -> _Moved:
    taken: Taken = []
    if outcome.tracks_lots:
        taken = _lots_of(entry, like)
        lots.move(entry.sku_id, entry.location_id, taken)
        lots.write_lines(
            MovementLot(
                movement_id=entry.id,
                moved_at=outcome.moved_at,
                kind=entry.kind,
                reference=entry.reference,
                lot_id=lot_id,
                location_id=entry.location_id,
                delta=delta,
            )
            for lot_id, delta in taken
        )
    numbers: tuple[str, ...] = ()
    if outcome.tracks_serials:
        serials = _serials_of(entry, taken, like)
        movement = (entry.id, outcome.moved_at, entry.kind, entry.reference)
        lots.put_serials(serials, movement, entry.location_id if entry.delta > 0 else None)
        numbers = tuple(one.number for one in serials)
    return _Moved(taken, numbers)


def _lots_of(entry: Entry, like: _Moved | None) -> Taken:
    if like is not None:
        return [(lot_id, -delta) for lot_id, delta in like.lots]
    if entry.lots and sum(one.quantity for one in entry.lots) != abs(entry.delta):
        raise LotRequired("the lots named do not add up to the units", sku_id=str(entry.sku_id))
    if entry.delta > 0:
        return _arriving(entry)
    shelf = lots.shelf(entry.sku_id, entry.location_id)
    taken = (
        named(shelf, entry.lots, kind=entry.kind)
        if entry.lots
        else first_expired(shelf, -entry.delta, kind=entry.kind)
    )
    return [(lot_id, -units) for lot_id, units in taken]


def _arriving(entry: Entry) -> Taken:
    wanted = entry.lots
    if not wanted and entry.kind in FOUND:
        wanted = (LotUnits(code=UNKNOWN, quantity=entry.delta),)
    if not wanted:
        raise LotRequired(f"a {entry.kind} names its lots", sku_id=str(entry.sku_id))
    known = lots.lots_named(entry.sku_id, {one.code for one in wanted})
    arriving: dict[UUID, int] = {}
    for one in wanted:
        lot_id, expires_on = known.get(one.code) or (None, one.expires_on)
        if one.expires_on is not None and expires_on != one.expires_on:
            raise LotShort(f"lot {one.code} expires on {expires_on}", lot=one.code, available=0)
        lot_id = lot_id or lots.add_lot(entry.sku_id, one.code, one.expires_on)
        known[one.code] = lot_id, expires_on
        arriving[lot_id] = arriving.get(lot_id, 0) + one.quantity
    return list(arriving.items())


def _serials_of(entry: Entry, taken: Taken, like: _Moved | None) -> list[Serial]:
    wanted = like.serials if like is not None else entry.serials
    if entry.delta > 0:
        return _new_units(entry, wanted, taken, moved=like is not None)
    there = lots.serials_at(entry.sku_id, entry.location_id)
    if wanted:
        _exactly(entry, wanted)
        found = list(there.filter(number__in=wanted))
    elif taken:
        found = [one for lot_id, units in taken for one in there.filter(lot_id=lot_id)[:-units]]
    else:
        found = list(there[: -entry.delta])
    if len(found) != -entry.delta:
        raise SerialRequired("not every number named is there", sku_id=str(entry.sku_id))
    return found


def _new_units(entry: Entry, wanted: Sequence[str], taken: Taken, *, moved: bool) -> list[Serial]:
    _exactly(entry, wanted)
    known = lots.serials_named(entry.sku_id, wanted)
    if any(one.location_id is not None for one in known.values()):
        raise SerialRequired("a number that comes is on hand already", sku_id=str(entry.sku_id))
    if known and entry.kind != "transfer_in" and (going := lots.on_the_way(list(known.values()))):
        raise SerialRequired(
            f"{min(going)} is on its way by a transfer: receive it there, or close the transfer",
            sku_id=str(entry.sku_id),
        )
    moved = moved or entry.kind == "transfer_in"  # their lots are known since they came
    if len(taken) > 1 and not moved:
        raise LotRequired("units with numbers come lot by lot", sku_id=str(entry.sku_id))
    units = [known.get(number) or Serial(sku_id=entry.sku_id, number=number) for number in wanted]
    if taken and not moved:
        for one in units:
            one.lot_id = taken[0][0]
    return units


def _exactly(entry: Entry, wanted: Sequence[str]) -> None:
    if len(set(wanted)) != abs(entry.delta) or len(wanted) != abs(entry.delta):
        raise SerialRequired(
            f"{abs(entry.delta)} units have as many numbers, each its own",
            sku_id=str(entry.sku_id),
        )
