"""What stock is worth as of a time."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from apps.inventory.domain.valuation import Worth, cost_of_shipments, replay
from apps.inventory.queries import valuation as queries
from apps.inventory.queries.valuation import Claim
from apps.inventory.types import (
    GoodsCost,
    PlaceValue,
    StockValue,
    ValuationMethod,
    ValueStock,
)

BATCH = 200


def value_page(
    command: ValueStock, *, after: UUID | None, limit: int
) -> tuple[tuple[StockValue, ...], bool]:
    """The worth of the SKUs behind ``after`` that have or had stock, and whether there are more.

    Replayed from the ledger: nothing is kept that could be wrong. The cost is in proportion to the
    entries of the SKUs asked for, the memory to the layers of one.
    """
    skus = queries.stocked_skus(after=after, limit=limit + 1)
    return value_skus(command, sku_ids=skus[:limit]), len(skus) > limit


def value_skus(command: ValueStock, *, sku_ids: Collection[UUID]) -> tuple[StockValue, ...]:
    """The worth of these SKUs, in their order; of those only that have or had stock."""
    claims = queries.claims(sku_ids, at=command.at, known_at=command.known_at, since=command.since)
    found = {
        sku_id: replay(moves, command.method, since=command.since)
        for sku_id, moves in queries.moves_by_sku(sku_ids, at=command.at, known_at=command.known_at)
    }
    return tuple(
        _value(sku_id, found.get(sku_id) or Worth(average=False), claims.get(sku_id) or Claim())
        for sku_id in queries.stocked_among(sku_ids)
    )


def value_all(command: ValueStock) -> Iterator[StockValue]:
    """The worth of every SKU, a batch at a time."""
    after, more = None, True
    while more:
        values, more = value_page(command, after=after, limit=BATCH)
        yield from values
        after = values[-1].sku_id if values else after


def cost_of_order(
    *, order_id: UUID, method: ValuationMethod, now: datetime
) -> tuple[GoodsCost, ...]:
    """What the goods cost that left for an order, as far as is known now."""
    skus = queries.skus_of_order(order_id)
    costs = []
    for sku_id, moves in queries.moves_by_sku(skus, at=now, known_at=now):
        units, cost = cost_of_shipments(moves, method, reference=str(order_id))
        if units:
            costs.append(GoodsCost(sku_id=sku_id, units=units, cost_minor=cost))
    return tuple(costs)


def _value(sku_id: UUID, worth: Worth, claim: Claim) -> StockValue:
    return StockValue(
        sku_id=sku_id,
        units=worth.units,
        cost_minor=worth.cost_minor,
        in_transit_units=worth.transit.units,
        in_transit_minor=worth.transit.cost_minor,
        bought_minor=worth.bought_minor,
        assumed_minor=worth.assumed_minor,
        unknown_units=worth.unknown_units,
        sold_units=worth.sold_units,
        sold_minor=worth.sold_minor,
        lost_units=worth.lost_units,
        lost_minor=worth.lost_minor,
        claimed_minor=claim.claimed_minor,
        credited_minor=claim.credited_minor,
        written_off_minor=claim.written_off_minor,
        places=tuple(
            PlaceValue(location=code, units=pile.units, cost_minor=pile.cost_minor)
            for code, pile in sorted(worth.places.items())
        ),
    )
