"""What a warehouse's report does to a task: the state after it, and what is new in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.inventory.errors import UnfitReport
from apps.inventory.types import LotUnits, ReportedLine, TaskLine, TaskStatus, WarehouseReport

OPEN = frozenset({"REQUESTED", "SENT", "ACCEPTED"})
LOUD_TRIES = 12
"""After so many failures, about an hour, an unanswered call is told at error level. It is tried on."""
_LONGEST_SECONDS = 15 * 60


def wait_seconds(tries: int) -> int:
    """Seconds to wait after so many failures: 2, 4, 8 and so on, a quarter of an hour at most."""
    return min(_LONGEST_SECONDS, 1 << max(1, min(tries, 20)))


@dataclass(frozen=True, slots=True)
class Progress:
    """What is new of a SKU since the last report."""

    sku_id: UUID
    good: int
    damaged: int
    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()


def status_after(kind: str, lines: Iterable[ReportedLine], report: WarehouseReport) -> TaskStatus:
    """The state that a task is in after a report of it."""
    if report.status == "cancelled":
        return "CANCELLED"
    if report.status != "completed":
        return "ACCEPTED"
    if kind == "receipt":
        return "DONE"
    return "PICKED" if all(line.done >= line.quantity for line in lines) else "SHORT"


def fitted(kind: str, lines: Sequence[TaskLine], report: WarehouseReport) -> list[ReportedLine]:
    """A report's lines, one for each of the task's; what it does not name is as it was.

    Raises UnfitReport: a SKU that nobody asked for or that comes twice, more picked than wanted, less received than before.
    """
    told = {line.sku_id: line for line in report.lines}
    if len(told) < len(report.lines):
        raise UnfitReport("The report names a SKU twice.")
    strangers = told.keys() - {line.sku_id for line in lines}
    if strangers:
        raise UnfitReport(
            "The report names a SKU that the task does not.", sku_id=str(min(strangers))
        )
    return [_fitted(kind, line, told.get(line.sku_id), report) for line in lines]


def _fitted(
    kind: str, line: TaskLine, told: ReportedLine | None, report: WarehouseReport
) -> ReportedLine:
    if told is None:
        return ReportedLine(
            sku_id=line.sku_id, quantity=line.quantity, done=line.done, damaged=line.damaged
        )
    if kind == "pick" and told.done > line.quantity:
        raise UnfitReport(
            f"{told.done} were picked and {line.quantity} were wanted.", sku_id=str(line.sku_id)
        )
    if kind == "receipt" and (told.done < line.done or told.damaged < line.damaged):
        raise UnfitReport(
            f"{told.done} were received and {line.done} had been before.", sku_id=str(line.sku_id)
        )
    put_back = kind == "pick" and report.status == "cancelled"
    return ReportedLine(
        sku_id=line.sku_id,
        quantity=line.quantity,
        done=0 if put_back else told.done,
        damaged=told.damaged,
        lots=told.lots,
        serials=told.serials,
    )


def progress(before: Sequence[TaskLine], after: Sequence[ReportedLine]) -> list[Progress]:
    """What came in since, by SKU, with its lots."""
    found = []
    for old, new in zip(before, after, strict=True):
        good, damaged = new.done - old.done, new.damaged - old.damaged
        if good or damaged:
            new_lots = _new_lots(old.lots, new.lots)
            found.append(Progress(old.sku_id, good, damaged, new_lots, new.serials))
    return found


def outstanding(quantity: int, good: int, damaged: int) -> int:
    """Units of a line that are still to come."""
    return max(0, quantity - good - damaged)


def _new_lots(before: Mapping[str, int], after: Iterable[LotUnits]) -> tuple[LotUnits, ...]:
    return tuple(
        LotUnits(
            code=lot.code,
            quantity=lot.quantity - before.get(lot.code, 0),
            expires_on=lot.expires_on,
        )
        for lot in after
        if lot.quantity > before.get(lot.code, 0)
    )
