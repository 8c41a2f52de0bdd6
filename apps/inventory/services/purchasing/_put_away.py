"""Units that arrived go on the shelf: the one place where buying meets the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.inventory.domain.landed import Slice, arrived
from apps.inventory.domain.purchasing import OrderState
from apps.inventory.models import Inbound, InboundLine
from apps.inventory.queries import purchasing as queries
from apps.inventory.queries.ledger import Entry
from apps.inventory.services._write import write_all
from apps.inventory.services.purchasing._costs import add_layer, ordered, shares_of
from apps.inventory.types import ArrivedItem, LotUnits, StockChange
from ecommerce.dimensions import SELLER
from ecommerce.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What came of one line, with what was told of lots and serials."""

    line: InboundLine
    received: int
    damaged: int
    told: tuple[ArrivedItem, ...] = ()


def put_away(
    inbound: Inbound,
    arrivals: Sequence[Arrival],
    *,
    key: str,
    occurred_at: datetime,
    actor: str = "",
) -> dict[UUID, int]:
    """Book what came: ledger, cost layers, the lines' counts. What the broken units cost, by inbound line.

    The heads of delivery and order are locked. Broken units are counted but not put on hand.
    """
    shares: Mapping[UUID, int] = {}
    if inbound.order is not None:
        shares = shares_of(inbound.order)
        if inbound.order.state == OrderState.CLOSED:  # its end has given all other costs out
            shares = dict.fromkeys(shares, 0)
    costs = {a.line.id: _costs(inbound, a, shares) for a in arrivals}
    good = [arrival for arrival in arrivals if arrival.received]
    for arrival, change in zip(good, _receive(inbound, good, key, actor), strict=True):
        add_layer(
            change,
            location_id=inbound.location_id,
            cost=costs[arrival.line.id][0],
            reference=arrival.line.order_line_id or arrival.line.id,
            occurred_at=occurred_at,
        )
    for arrival in arrivals:
        queries.count_arrival(arrival.line, received=arrival.received, damaged=arrival.damaged)
    return {line: broken.total_minor if broken else 0 for line, (_, broken) in costs.items()}


def mend(
    inbound: Inbound,
    line: InboundLine,
    *,
    units: int,
    cost_minor: int,
    occurred_at: datetime,
    actor: str = "",
) -> None:
    """Units of a line that were taken for broken are whole: on hand they go, at what they cost."""
    arrival = Arrival(line=line, received=units, damaged=0)
    (change,) = _receive(inbound, [arrival], f"mended:{new_id()}", actor)
    add_layer(
        change,
        location_id=inbound.location_id,
        cost=Slice(goods_minor=cost_minor, other_minor=0) if cost_minor else None,
        reference=line.order_line_id or line.id,
        occurred_at=occurred_at,
    )
    queries.count_arrival(line, received=units, damaged=-units)


def _receive(
    inbound: Inbound, arrivals: Sequence[Arrival], key: str, actor: str
) -> list[StockChange]:
    """The call to the ledger, with the lots and serials that the good units were told by."""
    if not arrivals:
        return []
    return write_all(
        [
            Entry(
                id=new_id(),
                sku_id=arrival.line.sku_id,
                location_id=inbound.location_id,
                kind="receipt",
                delta=arrival.received,
                reason="received",
                seller=SELLER,
                reference=str(inbound.id),
                actor=actor,
                key=f"inbound:{inbound.id}:{key}:{arrival.line.sku_id}",
                lots=tuple(
                    LotUnits(code=item.lot, quantity=item.received, expires_on=item.expires_on)
                    for item in arrival.told
                    if item.lot and item.received
                ),
                serials=tuple(serial for item in arrival.told for serial in item.serials),
            )
            for arrival in arrivals
        ]
    )


def _costs(
    inbound: Inbound, arrival: Arrival, shares: Mapping[UUID, int]
) -> tuple[Slice | None, Slice | None]:
    """What the good units and the broken ones cost; None where nobody said."""
    line = arrival.line
    if inbound.order is None or line.order_line is None:
        each = line.unit_cost_minor
        if each is None:
            return None, None
        return (
            Slice(goods_minor=each * arrival.received, other_minor=0),
            Slice(goods_minor=each * arrival.damaged, other_minor=0),
        )
    of, rate = line.order_line, inbound.order.exchange_rate
    before = of.received + of.damaged
    share = shares[of.id]
    good = arrived(ordered(of), share_minor=share, before=before, units=arrival.received, rate=rate)
    broken = arrived(
        ordered(of),
        share_minor=share,
        before=before + arrival.received,
        units=arrival.damaged,
        rate=rate,
    )
    return good, broken
