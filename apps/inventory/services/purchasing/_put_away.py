"""Units that arrived go on the shelf: the one place where buying meets the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.inventory.domain.landed import Slice, arrived
from apps.inventory.domain.purchasing import Reason
from apps.inventory.models import Inbound, InboundLine
from apps.inventory.queries import purchasing as queries
from apps.inventory.queries.ledger import Entry
from apps.inventory.services._write import write_all
from apps.inventory.services.purchasing._broken import Broken
from apps.inventory.services.purchasing._costs import add_layer, ordered, shares_to_bear
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
) -> dict[UUID, Broken]:
    """Book what came: ledger, cost layers of the good units, the lines' counts. The broken ones, by inbound line.

    The heads of delivery and order are locked, and every level. Broken units lie among what is damaged;
    their cost is for the caller to write down, with their difference.
    """
    shares: Mapping[UUID, int] = {}
    if inbound.order is not None:
        shares = shares_to_bear(inbound.order)
    costs = {a.line.id: _costs(inbound, a, shares) for a in arrivals}
    good = [arrival for arrival in arrivals if arrival.received]
    entries = [_entry(inbound, arrival, key, actor) for arrival in good]
    for arrival, change in zip(good, _write(entries), strict=True):
        add_layer(
            change,
            location_id=inbound.location_id,
            cost=costs[arrival.line.id][0],
            reference=arrival.line.order_line_id or arrival.line.id,
            occurred_at=occurred_at,
        )
    for arrival in arrivals:
        queries.count_arrival(arrival.line, received=arrival.received, damaged=arrival.damaged)
    broken = [arrival for arrival in arrivals if arrival.damaged]
    entries = [_entry_of_broken(inbound, arrival, key, actor) for arrival in broken]
    return {
        arrival.line.id: Broken(change, costs[arrival.line.id][1])
        for arrival, change in zip(broken, _write(entries), strict=True)
    }


def _write(entries: Sequence[Entry]) -> list[StockChange]:
    return write_all(entries) if entries else []


def _entry(inbound: Inbound, arrival: Arrival, key: str, actor: str) -> Entry:
    """Good units, with the lots and serials that they were told by."""
    return Entry(
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


def _entry_of_broken(inbound: Inbound, arrival: Arrival, key: str, actor: str) -> Entry:
    """Apart from the good ones, since it is an entry that costs are written down for."""
    return Entry(
        id=new_id(),
        sku_id=arrival.line.sku_id,
        location_id=inbound.location_id,
        kind="receipt",
        delta=0,
        damaged=arrival.damaged,
        reason=Reason.RECEIVED_BROKEN.value,
        seller=SELLER,
        reference=str(inbound.id),
        actor=actor,
        key=f"inbound:{inbound.id}:{key}:{arrival.line.sku_id}:broken",
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
