"""What stock is worth as of a time."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from apps.inventory.domain.valuation import Worth, cost_of_shipments, replay
from apps.inventory.domain.worth_state import worth_of
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

    Replayed from the ledger, from the last monthly snapshot on that still holds. The cost is in proportion
    to the entries since then of the SKUs asked for, the memory to the layers of as many.
    """
    skus = queries.stocked_skus(after=after, limit=limit + 1)
    return value_skus(command, sku_ids=skus[:limit]), len(skus) > limit


def value_skus(command: ValueStock, *, sku_ids: Collection[UUID]) -> tuple[StockValue, ...]:
    """The worth of these SKUs, in their order; of those only that have or had stock."""
    claims = queries.claims(sku_ids, at=command.at, known_at=command.known_at, since=command.since)
    found = worths(command, sku_ids)
    return tuple(
        _value(sku_id, found.get(sku_id) or Worth(average=False), claims.get(sku_id) or Claim())
        for sku_id in queries.stocked_among(sku_ids)
    )


def worths(command: ValueStock, sku_ids: Collection[UUID]) -> dict[UUID, Worth]:
    """The worth of each that had entries by then."""
    method, codes = command.method, queries.location_codes()
    known = queries.snapshots(
        sku_ids, method, at=command.at, known_at=command.known_at, since=command.since
    )
    groups: dict[datetime | None, list[UUID]] = {}
    for sku_id in sku_ids:
        groups.setdefault(known[sku_id][0] if sku_id in known else None, []).append(sku_id)
    found = {sku_id: worth_of(state, method, codes) for sku_id, (_, state) in known.items()}
    for after, skus in groups.items():
        still = set(skus) & found.keys()
        for sku_id, moves in queries.moves_by_sku(
            skus, at=command.at, known_at=command.known_at, after=after
        ):
            start = found.get(sku_id)
            found[sku_id] = replay(moves, method, since=command.since, start=start)
            still.discard(sku_id)
        if command.since:
            for sku_id in still:
                found[sku_id] = replay((), method, since=command.since, start=found[sku_id])
    return found


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
