"""Differences become entries of the ledger: one a SKU, or those of its lots and numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from uuid import UUID

from apps.inventory.domain.counting import Off, misfit
from apps.inventory.models import CountLine, CountSession, CountUnits
from apps.inventory.queries import count_units, stripes
from apps.inventory.queries.ledger import Entry, Written
from apps.inventory.queries.lots import tracking_of
from apps.inventory.queries.reading import sellers_at
from apps.inventory.services._write import lock, refusal, tell, write_locked
from apps.inventory.services.counting._read import told
from apps.inventory.types import LotUnits, Tracking
from ecommerce.ids import new_id

Differences = Mapping[int, Sequence[CountUnits]]


@dataclass(frozen=True, slots=True)
class _Part:
    """An entry to write, and the lots and numbers that it is about."""

    entry: Entry
    units: Sequence[CountUnits] = ()


def book(session: CountSession, lines: Sequence[CountLine], actor: str) -> list[CountLine]:
    """Write the differences that the stock allows: the lines of those. The others say why not.

    Of a SKU whose units are told apart what was found comes first, then what is missing goes, so that an
    exchange of lots takes nothing from orders; all of a line is booked, or nothing.
    """
    tracked = tracking_of({line.sku_id for line in lines})
    apart = [line for line in lines if line.sku_id in tracked]
    differences = count_units.differing(apart) if apart else {}
    sellers = sellers_at([line.sku_id for line in lines], session.location_id)
    parts = {
        line.id: _parts(
            _entry(line, session, sellers[line.sku_id], actor), differences.get(line.id, ())
        )
        for line in lines
    }
    targets = [part.entry for line in lines for part in parts[line.id]]
    before, hot = lock(targets)
    refused = _refusals(session, apart, differences, tracked) if apart else {}
    written = _write({id_: ones for id_, ones in parts.items() if id_ not in refused})
    done = [pair for pairs in written.values() for pair in pairs]
    tell([part.entry for part, _ in done], [one for _, one in done], before)
    if hot:
        stripes.spread(hot)
    return _noted(lines, written, refused)


def _entry(line: CountLine, session: CountSession, seller: str, actor: str) -> Entry:
    return Entry(
        id=new_id(),
        sku_id=line.sku_id,
        location_id=session.location_id,
        kind="count",
        delta=line.variance or 0,
        reason=told(line),
        seller=seller,
        reference=str(session.id),
        actor=actor,
        key=f"count:{line.id}:{line.counted_at:%s}",
    )


def _parts(whole: Entry, units: Sequence[CountUnits]) -> list[_Part]:
    """A difference as entries: what was found (units with numbers lot by lot), then what is missing."""
    if not units:
        return [_Part(whole)]
    found = [row for row in units if row.variance > 0]
    groups = [found]
    if any(row.serial for row in found):
        groups = [
            [row for row in found if row.lot == lot] for lot in sorted({r.lot for r in found})
        ]
    groups.append([row for row in units if row.variance < 0])
    return [_part(whole, number, rows) for number, rows in enumerate(groups) if rows]


def _part(whole: Entry, number: int, rows: Sequence[CountUnits]) -> _Part:
    lots: dict[str, LotUnits] = {}
    for row in rows:
        if row.lot:
            known = lots[row.lot].quantity if row.lot in lots else 0
            units = known + abs(row.variance)
            lots[row.lot] = LotUnits(code=row.lot, quantity=units, expires_on=row.expires_on)
    entry = replace(
        whole,
        id=new_id(),
        delta=sum(row.variance for row in rows),
        key=f"{whole.key}:{number}",
        lots=tuple(lots.values()),
        serials=tuple(row.serial for row in rows if row.serial),
    )
    return _Part(entry, rows)


def _refusals(
    session: CountSession,
    lines: Sequence[CountLine],
    differences: Differences,
    tracked: Mapping[UUID, Tracking],
) -> dict[int, str]:
    standing = count_units.standing(lines, session.location_id, differences)
    why = {}
    for line in lines:
        rows = [count_units.off(row) for row in differences.get(line.id, ())]
        if rows and _fits_tracking(rows, tracked[line.sku_id]):
            why[line.id] = misfit(rows, standing[line.sku_id], session.location_id)
        elif rows or line.off:
            why[line.id] = "its units are told apart otherwise by now: count it again"
    return {id_: reason for id_, reason in why.items() if reason}


def _fits_tracking(rows: Iterable[Off], tracking: Tracking) -> bool:
    lots, serials = (any(row.lot for row in rows), any(row.serial for row in rows))
    return lots <= tracking.lots and serials <= tracking.serials


def _write(parts: Mapping[int, Sequence[_Part]]) -> dict[int, list[tuple[_Part, Written]]]:
    """Each line's entries one after the other, all lines together: a level is written once a turn."""
    written: dict[int, list[tuple[_Part, Written]]] = {id_: [] for id_ in parts}
    for turn in zip_longest(*parts.values()):
        now = [(id_, part) for id_, part in zip(parts, turn, strict=True) if part]
        outcomes = write_locked([part.entry for _, part in now])
        for (id_, part), one in zip(now, outcomes, strict=True):
            if part.units and not _fits(one):
                raise refusal(one)
            written[id_].append((part, one))
    return written


def _noted(
    lines: Sequence[CountLine],
    written: Mapping[int, Sequence[tuple[_Part, Written]]],
    refused: Mapping[int, str],
) -> list[CountLine]:
    fits, rows = [], []
    for line in lines:
        done = written.get(line.id, ())
        line.refusal = refused.get(line.id) or "; ".join(
            _why(one) for _, one in done if not _fits(one)
        )
        line.movement_id = None
        if line.refusal:
            continue
        fits.append(line)
        for part, one in done:
            line.movement_id = one.movement_id
            for row in part.units:
                row.movement_id = one.movement_id
                rows.append(row)
    CountLine.objects.bulk_update(lines, ["movement_id", "refusal"])
    CountUnits.objects.bulk_update(rows, ["movement_id"], batch_size=500)
    return fits


def _fits(one: Written) -> bool:
    return one.outcome in {"applied", "replayed"}


def _why(one: Written) -> str:
    promised = one.reserved + one.allocated
    return f"{one.delta:+d} does not fit: {one.on_hand} on hand, {promised} promised to orders"
