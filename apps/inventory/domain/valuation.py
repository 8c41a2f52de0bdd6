"""What stock is worth, replayed from the ledger: FIFO or moving weighted average. No cent is lost.

First in, first out and weighted average are the two cost formulas of IAS 2 (Inventories), §25. What
a part of a layer costs is the layer's cost in proportion, rounded down; the rest of the layer keeps
the rest, so that what came in is always what is there and what went, to the cent.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Method = Literal["fifo", "average"]

_SOLD = frozenset({"shipment"})


@dataclass(frozen=True, slots=True)
class Move:
    """A ledger entry. ``cost_minor`` of an arrival is what is known of its cost; None is nothing.

    ``damaged`` counts of a transfer's arrival only: elsewhere damaged units were never in the books, or
    left them by ``delta``. Units that leave with a cost turn out not to have been bought as good ones:
    they never came, or came broken.
    """

    location: str
    kind: str
    delta: int
    cost_minor: int | None
    occurred_at: datetime
    reference: str = ""
    damaged: int = 0


@dataclass(slots=True)
class Pile:
    """Units at a place, as layers of (units, cost). With ``average`` there is one layer only.

    ``owed`` are units that left before the entry that brought them: the next arrival covers them first.
    """

    average: bool
    layers: deque[tuple[int, int]] = field(default_factory=deque)
    owed: deque[tuple[int, str]] = field(default_factory=deque)

    @property
    def units(self) -> int:
        """What the ledger says is there: less than nought while it owes."""
        return sum(units for units, _ in self.layers) - sum(units for units, _ in self.owed)

    @property
    def cost_minor(self) -> int:
        return sum(cost for _, cost in self.layers)

    def put(self, units: int, cost_minor: int) -> Iterator[tuple[str, int, int]]:
        """Lay units down; yields what of them is gone already, as (kind, units, cost)."""
        while units and self.owed:
            owed, kind = self.owed.popleft()
            covers = min(owed, units)
            part = cost_minor * covers // units
            yield kind, covers, part
            units, cost_minor = units - covers, cost_minor - part
            if owed > covers:
                self.owed.appendleft((owed - covers, kind))
        if units:
            self._lay(units, cost_minor)

    def take(self, units: int, kind: str) -> list[tuple[int, int]]:
        """The layers that so many units come from, as (units, cost); what is not there is owed."""
        taken = []
        while units and self.layers:
            there, cost = self.layers.popleft()
            part = min(there, units)
            part_cost = cost * part // there
            taken.append((part, part_cost))
            if there > part:
                self.layers.appendleft((there - part, cost - part_cost))
            units -= part
        if units:
            self.owed.append((units, kind))
        return taken

    def bear(self, amount_minor: int) -> int:
        """Have what is there cost so much more, or less, the youngest first; what it cannot bear comes back."""
        if amount_minor > 0 and self.layers:
            units, cost = self.layers.pop()
            self.layers.append((units, cost + amount_minor))
            return 0
        for at in range(len(self.layers) - 1, -1, -1):
            units, cost = self.layers[at]
            part = min(cost, -amount_minor)
            self.layers[at] = (units, cost - part)
            amount_minor += part
        return amount_minor

    def _lay(self, units: int, cost_minor: int) -> None:
        if self.average and self.layers:
            there, cost = self.layers.pop()
            units, cost_minor = units + there, cost_minor + cost
        self.layers.append((units, cost_minor))


@dataclass(slots=True)
class Worth:
    """What a SKU's stock is worth, and where its cost went. Money in minor units of the books' currency.

    ``bought + assumed = on hand + in transit + sold + lost``, exactly. ``assumed_minor`` is the cost
    put on units of which nobody said what they cost; ``unknown_units`` are those among them for which
    there was nothing to go by, and which count as nothing. ``last`` is what was priced last: units, cost.
    """

    average: bool
    places: dict[str, Pile] = field(default_factory=dict)
    transit: Pile = field(init=False)
    bought_minor: int = 0
    assumed_minor: int = 0
    unknown_units: int = 0
    sold_units: int = 0
    sold_minor: int = 0
    lost_units: int = 0
    lost_minor: int = 0
    last: tuple[int, int] = (1, 0)

    def __post_init__(self) -> None:
        self.transit = Pile(self.average)

    @property
    def units(self) -> int:
        return sum(pile.units for pile in self.places.values())

    @property
    def cost_minor(self) -> int:
        return sum(pile.cost_minor for pile in self.places.values())

    @property
    def gone(self) -> tuple[int, int, int, int]:
        """What was sold and lost: units and cost of each."""
        return self.sold_units, self.sold_minor, self.lost_units, self.lost_minor

    def forget(self, before: tuple[int, int, int, int]) -> None:
        """Tell only of what went after ``before``, as ``gone`` said then."""
        self.sold_units -= before[0]
        self.sold_minor -= before[1]
        self.lost_units -= before[2]
        self.lost_minor -= before[3]

    def apply(self, move: Move) -> None:
        """Take one more entry into account."""
        pile = self.places.setdefault(move.location, Pile(self.average))
        if move.delta < 0:
            self._leave(pile, move)
        elif move.kind == "transfer_in":
            self._land(pile, move)
        else:
            self._arrive(pile, move)

    def _leave(self, pile: Pile, move: Move) -> None:
        taken = pile.take(-move.delta, move.kind)
        if move.cost_minor is not None:
            self.bought_minor -= move.cost_minor
            self.lost_minor += pile.bear(sum(cost for _, cost in taken) - move.cost_minor)
            return
        for units, cost in taken:
            self._gone(move.kind, units, cost)

    def _gone(self, kind: str, units: int, cost_minor: int) -> None:
        if kind == "transfer_out":
            for late in self.transit.put(units, cost_minor):
                self._gone(*late)
        elif kind in _SOLD:
            self.sold_units += units
            self.sold_minor += cost_minor
        else:
            self.lost_units += units
            self.lost_minor += cost_minor

    def _land(self, pile: Pile, move: Move) -> None:
        """From transit. What nobody sent costs as other units of which nobody said what they cost.

        What broke on the way is lost.
        """
        left = move.delta
        for units, cost in self.transit.take(move.delta, "transfer_in"):
            left -= units
            self._lay(pile, units, cost)
        self.transit.owed.clear()
        if left:
            self._lay(pile, left, self._assume(left))
        for units, cost in self.transit.take(move.damaged, "damage"):
            self._gone("damage", units, cost)
        self.transit.owed.clear()

    def _arrive(self, pile: Pile, move: Move) -> None:
        if move.cost_minor is not None:
            self.bought_minor += move.cost_minor
            self.last = (move.delta, move.cost_minor)
            cost = move.cost_minor
        elif move.kind == "return" and self.sold_units >= move.delta:
            cost = self.sold_minor * move.delta // self.sold_units
            self.sold_units -= move.delta
            self.sold_minor -= cost
        else:
            cost = self._assume(move.delta)
        self._lay(pile, move.delta, cost)

    def _lay(self, pile: Pile, units: int, cost_minor: int) -> None:
        for late in pile.put(units, cost_minor):
            self._gone(*late)

    def _assume(self, units: int) -> int:
        """Units that nobody priced are taken to cost what those before them did."""
        of, cost = self.last
        assumed = cost * units // of
        self.assumed_minor += assumed
        if not cost:
            self.unknown_units += units
        return assumed


def replay(
    moves: Iterable[Move],
    method: Method,
    *,
    since: datetime | None = None,
    start: Worth | None = None,
) -> Worth:
    """The worth of one SKU after these entries, which come in order of time; ``start`` is what it was before them.

    With ``since``, what was sold and lost is told from then on only.
    """
    worth = start or Worth(method == "average")
    before: tuple[int, int, int, int] | None = None
    for move in moves:
        if since is not None and before is None and move.occurred_at >= since:
            before = worth.gone
        worth.apply(move)
    if since is not None:
        worth.forget(before if before is not None else worth.gone)
    return worth


def cost_of_shipments(moves: Iterable[Move], method: Method, *, reference: str) -> tuple[int, int]:
    """(units, cost) of what left under a reference, out of all entries of one SKU in order of time."""
    worth = Worth(method == "average")
    units = cost = 0
    for move in moves:
        before = worth.sold_minor
        worth.apply(move)
        if move.kind in _SOLD and move.reference == reference:
            units -= move.delta
            cost += worth.sold_minor - before
    return units, cost
