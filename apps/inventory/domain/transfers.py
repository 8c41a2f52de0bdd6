"""What an arrival does to a transfer: what came, what is lost, and the state it is in since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from apps.inventory.errors import EmptyStockChange, NotInTransfer
from apps.inventory.types import ArrivedLine, LotUnits, TransferLine, TransferStatus

ON_THE_WAY: frozenset[TransferStatus] = frozenset({"IN_TRANSIT", "PARTIALLY_RECEIVED"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """Of one SKU: what came in good order, broken, or will never come."""

    sku_id: UUID
    received: int
    damaged: int
    lost: int

    @property
    def units(self) -> int:
        return self.received + self.damaged + self.lost


def arrivals_of(
    lines: Sequence[TransferLine], came: Iterable[ArrivedLine], *, complete: bool
) -> list[Arrival]:
    """By SKU, without those of which nothing came. Raises NotInTransfer where more came than is on the way."""
    received = {line.sku_id: (0, 0) for line in lines}
    for one in came:
        if one.sku_id not in received or min(one.received, one.damaged) < 0:
            raise NotInTransfer(f"{one.sku_id} is not on the way", sku_id=str(one.sku_id))
        good, bad = received[one.sku_id]
        received[one.sku_id] = good + one.received, bad + one.damaged
    arrivals = []
    for line in sorted(lines, key=lambda line: line.sku_id):
        good, bad = received[line.sku_id]
        missing = line.outstanding - good - bad
        if missing < 0:
            raise NotInTransfer(
                f"{good + bad} came and {line.outstanding} were on the way: count what is too much",
                sku_id=str(line.sku_id),
                outstanding=line.outstanding,
            )
        arrivals.append(Arrival(line.sku_id, good, bad, missing if complete else 0))
    found = [arrival for arrival in arrivals if arrival.units]
    if not found and not complete:
        raise EmptyStockChange("nothing arrived")
    return found


def since(
    lines: Iterable[TransferLine], arrivals: Iterable[Arrival]
) -> tuple[list[TransferLine], TransferStatus]:
    """The lines after an arrival, and the state that follows from them."""
    by_sku = {arrival.sku_id: arrival for arrival in arrivals}
    after = [_with(line, by_sku.get(line.sku_id)) for line in lines]
    if any(line.outstanding for line in after):
        return after, "PARTIALLY_RECEIVED"
    if any(line.damaged or line.lost for line in after):
        return after, "DISCREPANCY"
    return after, "RECEIVED"


def _with(line: TransferLine, arrival: Arrival | None) -> TransferLine:
    if arrival is None:
        return line
    return replace(
        line,
        received=line.received + arrival.received,
        damaged=line.damaged + arrival.damaged,
        lost=line.lost + arrival.lost,
    )


@dataclass(frozen=True, slots=True)
class Carried:
    """Which units these are, where they are told apart."""

    lots: tuple[LotUnits, ...] = ()
    serials: tuple[str, ...] = ()


def split(
    lots: Iterable[LotUnits], numbers: Sequence[str], received: int, lost: int
) -> tuple[Carried, Carried]:
    """What was received, and then what was lost, of the units on the way: the first to expire first."""
    first, second = [], []
    for lot in lots:
        good = min(lot.quantity, received)
        gone = min(lot.quantity - good, lost)
        received, lost = received - good, lost - gone
        if good:
            first.append(replace(lot, quantity=good))
        if gone:
            second.append(replace(lot, quantity=gone))
    good_numbers = len(numbers) - (sum(lot.quantity for lot in second) or lost)
    return (
        Carried(tuple(first), tuple(numbers[:good_numbers])),
        Carried(tuple(second), tuple(numbers[good_numbers:])),
    )
