"""Write to the ledger and tell of it: what every service that changes on-hand goes through."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import DataError
from psycopg.errors import NumericValueOutOfRange

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.errors import (
    InsufficientStock,
    LevelChanged,
    TooManyUnits,
    UnknownLocation,
)
from apps.inventory.events import MovementRecorded, OnHandUpdated, StockAdjusted
from apps.inventory.queries import ledger, reading, stripes
from apps.inventory.queries.ledger import Entry, Written
from apps.inventory.services._lots import follow
from apps.inventory.types import StockChange
from ecommerce.events import publish_many

_CORRECTIONS = frozenset({"adjustment", "count", "damage", "scrap"})


@contextmanager
def within_bounds() -> Iterator[None]:
    """Raises TooManyUnits where the database cannot count that far; its transaction has failed then."""
    try:
        yield
    except DataError as error:
        if isinstance(error.__cause__, NumericValueOutOfRange):
            raise _too_many() from error
        raise


@within_bounds()
def write_all(entries: Sequence[Entry]) -> list[StockChange]:
    """Write every entry or none; raises InsufficientStock or LevelChanged for the first that does not fit.

    TooManyUnits where a level would hold more than can be counted.
    """
    before, hot = lock(entries)
    written = ledger.write(entries)
    for outcome in written:
        if outcome.outcome not in {"applied", "replayed"}:
            raise refusal(outcome)
    follow(entries, written)
    tell(entries, written, before)
    if hot:
        stripes.spread(hot)
    return [change_of(outcome) for outcome in written]


@within_bounds()
def write_each(entries: Sequence[Entry]) -> list[Written]:
    """Write the entries that fit, tell of them, and say what became of each. Raises TooManyUnits."""
    before, hot = lock(entries)
    written = write_locked(entries)
    tell(entries, written, before)
    if hot:
        stripes.spread(hot)
    return written


def lock(entries: Sequence[Entry]) -> tuple[dict[UUID, int], set[UUID]]:
    """Hold every level of the entries' SKUs, with all that hot ones had on stripes.

    Returns what can be promised of each, and which have stripes: those are to be spread again.
    """
    before, hot = ledger.lock(entries)
    if hot:
        for sku_id, units in stripes.gather(hot).items():
            before[sku_id] += units
    return before, hot


def write_locked(entries: Sequence[Entry]) -> list[Written]:
    """Write the entries that fit, their levels being locked, and have lots and serials follow."""
    written = ledger.write(entries)
    follow(entries, written)
    return written


def tell(entries: Sequence[Entry], written: Sequence[Written], before: dict[UUID, int]) -> None:
    """Announce what was written, and where it moved what can be promised."""
    facts: list[object] = []
    for entry, outcome in zip(entries, written, strict=True):
        if outcome.outcome == "applied":
            facts.extend(_facts(entry, outcome))
    if facts:
        after = ledger.totals({entry.sku_id for entry in entries})
        publish_many([*facts, *of_shifts(_shifts(before, after))])


def location_ids(*codes: str) -> list[UUID]:
    """The ids of locations. Raises UnknownLocation."""
    ids = reading.location_ids(codes)
    for code in codes:
        if code not in ids:
            raise UnknownLocation(f"no location {code!r}")
    return [ids[code] for code in codes]


def _too_many() -> TooManyUnits:
    return TooManyUnits("that would be more than two billion units of a SKU")


def refusal(outcome: Written) -> InsufficientStock | LevelChanged | TooManyUnits:
    """The error that says why an entry was not written."""
    if outcome.outcome == "stale":
        return LevelChanged(f"the level is at version {outcome.version}")
    after = (outcome.on_hand + outcome.delta, outcome.damaged + outcome.damaged_delta)
    if max(after) > ledger.MOST:
        return _too_many()
    return InsufficientStock(
        f"{outcome.delta:+d} does not fit: {outcome.on_hand} on hand, "
        f"{outcome.reserved + outcome.allocated} promised"
        + (f", {outcome.damaged} damaged" if outcome.damaged_delta else ""),
        sku_id=str(outcome.sku_id),
        location_id=outcome.location,
        available=outcome.on_hand - outcome.reserved - outcome.allocated,
    )


def change_of(outcome: Written) -> StockChange:
    """A written entry as callers see it."""
    if outcome.movement_id is None:
        raise ValueError("a refused entry is no change")
    return StockChange(
        movement_id=outcome.movement_id,
        sku_id=outcome.sku_id,
        location=outcome.location,
        kind=outcome.kind,
        delta=outcome.delta,
        on_hand=outcome.on_hand,
        reserved=outcome.reserved,
        allocated=outcome.allocated,
        version=outcome.version,
        replayed=outcome.outcome == "replayed",
        damaged_delta=outcome.damaged_delta,
        damaged=outcome.damaged,
    )


def _shifts(before: dict[UUID, int], after: dict[UUID, int]) -> list[Shift]:
    return [Shift(sku_id, before.get(sku_id, 0), units) for sku_id, units in after.items()]


def _facts(entry: Entry, outcome: Written) -> list[object]:
    cause = entry.reference or str(entry.id)
    recorded = MovementRecorded(
        movement_id=entry.id,
        sku_id=outcome.sku_id,
        location_id=outcome.location,
        type=outcome.kind,
        delta=outcome.delta,
        prev_balance=outcome.on_hand - outcome.delta,
        new_balance=outcome.on_hand,
        causation_id=cause,
        damaged_delta=outcome.damaged_delta,
        damaged_balance=outcome.damaged,
    )
    if not outcome.delta:
        return [recorded]
    updated = OnHandUpdated(
        sku_id=outcome.sku_id,
        location_id=outcome.location,
        on_hand=outcome.on_hand,
        delta=outcome.delta,
        causation_id=cause,
    )
    if outcome.kind not in _CORRECTIONS:
        return [recorded, updated]
    adjusted = StockAdjusted(
        sku_id=outcome.sku_id,
        location_id=outcome.location,
        delta=outcome.delta,
        on_hand=outcome.on_hand,
        reason=entry.reason,
        movement_id=entry.id,
    )
    return [recorded, updated, adjusted]
