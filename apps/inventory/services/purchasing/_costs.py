"""What arrived stock cost: layers made when it comes, and what is learnt of them later."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.landed import (
    MOST_MINOR,
    OrderedLine,
    OtherCost,
    Slice,
    arrived,
    not_borne,
    other_shares,
)
from apps.inventory.domain.purchasing import OrderState
from apps.inventory.errors import CostBelowZero, NoMovement, PurchaseUnclear
from apps.inventory.models import (
    CostEntry,
    CostLayer,
    Inbound,
    InboundLine,
    PurchaseOrder,
    PurchaseOrderLine,
    StockMovement,
)
from apps.inventory.queries import costs as queries
from apps.inventory.queries.costs import BROKEN, UNCOUNTED
from apps.inventory.queries.purchasing import order_lines
from apps.inventory.types import StockChange
from ecommerce.money import allocate


def add_layer(
    change: StockChange,
    *,
    location_id: UUID,
    cost: Slice | None,
    reference: UUID,
    occurred_at: datetime,
) -> None:
    """Write down what the units of an arriving ledger entry cost; a cost of None is not known yet.

    Of units that came broken or turn out not to have come, ``reference`` is their difference: what they
    cost is no value of stock.
    """
    layer = CostLayer.objects.create(
        movement_id=change.movement_id,
        sku_id=change.sku_id,
        location_id=location_id,
        units=abs(change.delta or change.damaged_delta),
        source=_source_of(change),
        reference=reference,
        occurred_at=occurred_at,
    )
    if cost is not None:
        entries = [CostEntry(layer=layer, kind="goods", amount_minor=cost.goods_minor)]
        if cost.other_minor:
            entries.append(CostEntry(layer=layer, kind="landed", amount_minor=cost.other_minor))
        CostEntry.objects.bulk_create(entries)


def _source_of(change: StockChange) -> str:
    if change.damaged_delta > 0:
        return BROKEN
    return change.kind if change.delta > 0 else UNCOUNTED


def cost_of_last(inbound: Inbound, line: InboundLine, units: int) -> Slice | None:
    """What the last units that were booked of a line cost; None where nobody said."""
    of, order = line.order_line, inbound.order
    if of is None or order is None:
        return _as_said(line, units)
    return arrived(
        ordered(of),
        share_minor=shares_to_bear(order)[of.id],
        before=of.received + of.damaged - units,
        units=units,
        rate=order.exchange_rate,
    )


def cost_of_missing(inbound: Inbound, line: InboundLine, units: int) -> Slice | None:
    """What units of a line that did not come would have cost; None where nobody said."""
    of, order = line.order_line, inbound.order
    if of is None or order is None:
        return _as_said(line, units)
    return arrived(
        ordered(of),
        share_minor=shares_of(order)[of.id],
        before=of.received + of.damaged,
        units=units,
        rate=order.exchange_rate,
    )


def _as_said(line: InboundLine, units: int) -> Slice | None:
    each = line.unit_cost_minor
    return None if each is None else Slice(goods_minor=each * units, other_minor=0)


def shares_to_bear(order: PurchaseOrder) -> Mapping[UUID, int]:
    """Each line's part of the other costs that its units bear as they come: none of an order that is closed."""
    shares = shares_of(order)
    return dict.fromkeys(shares, 0) if order.state == OrderState.CLOSED else shares


def shares_of(order: PurchaseOrder) -> Mapping[UUID, int]:
    """Each line's part of the order's other costs, in the books' currency."""
    lines = order_lines(order)
    costs = [OtherCost(amount_minor=c.amount_minor, by=c.split) for c in order.costs.order_by("id")]
    shares = other_shares([ordered(line) for line in lines], costs, order.exchange_rate)
    return dict(zip([line.id for line in lines], shares, strict=True))


def ordered(line: PurchaseOrderLine) -> OrderedLine:
    """A line as the split of costs takes it."""
    return OrderedLine(units=line.ordered, unit_cost_minor=line.unit_cost_minor)


def land_the_rest(order: PurchaseOrder) -> None:
    """An order ends: other costs that no unit has borne, since some never came, go to those that did.

    Where all that came was broken there is no value that could bear them: they are written off.
    """
    lines = order_lines(order)
    shares = shares_of(order)
    left = sum(
        not_borne(
            ordered(line),
            share_minor=shares[line.id],
            arrived_units=line.received + line.damaged,
        )
        for line in lines
    )
    if left:
        of_lines = [line.id for line in lines]
        weights = [(layer, units) for layer, units, _ in queries.layers_of(of_lines)]
        _spread("landed", left, weights)
        if not weights:
            broken = [(layer, units) for layer, units, _ in queries.broken_layers_of(of_lines)]
            _spread("landed", left, broken)
            _spread("written_off", -left, broken)


def credit_layers(reference: UUID, amount_minor: int) -> None:
    """The supplier gives some of the price of a line back. Raises CostBelowZero for more than it cost."""
    layers = queries.layers_of([reference])
    if amount_minor > sum(cost for _, _, cost in layers):
        raise CostBelowZero(f"the line cost less than {amount_minor}")
    _spread("credit", -amount_minor, [(layer, max(0, cost)) for layer, _, cost in layers])


def _spread(kind: str, amount_minor: int, weights: list[tuple[UUID, int]]) -> None:
    if not weights:
        return
    parts = allocate(amount_minor, [weight for _, weight in weights])
    CostEntry.objects.bulk_create(
        CostEntry(layer_id=layer, kind=kind, amount_minor=part)
        for (layer, _), part in zip(weights, parts, strict=True)
        if part
    )


@transaction.atomic
def record_cost(
    *, movement_id: UUID, amount_minor: int, kind: str = "goods", idempotency_key: str | None = None
) -> int:
    """Add to what an arriving ledger entry cost, in the books' currency; the cost as it is now.

    For opening stock, for a freight bill that comes late, for a correction (negative). What was
    reported before is not rewritten: ``valuation(known_at=...)`` still says what was known then. A
    repeated key changes nothing. Raises NoMovement (what was transferred brings its cost along), and
    CostBelowZero.
    """
    layer = _layer_for(movement_id)
    known = queries.cost_of([layer.movement_id]).get(layer.movement_id, 0)
    if idempotency_key and CostEntry.objects.filter(key=idempotency_key).exists():
        return known
    if known + amount_minor < 0:
        raise CostBelowZero(f"{known} {amount_minor:+d} is less than nothing")
    if known + amount_minor > MOST_MINOR:
        raise PurchaseUnclear("nothing costs that much")
    CostEntry.objects.create(
        layer=layer, kind=kind, amount_minor=amount_minor, key=idempotency_key or None
    )
    return known + amount_minor


def _layer_for(movement_id: UUID) -> CostLayer:
    movement = (
        StockMovement.objects.filter(id=movement_id, delta__gt=0)
        .exclude(kind="transfer_in")
        .first()
    )
    if movement is None:
        raise NoMovement(f"no arriving movement {movement_id}")
    CostLayer.objects.bulk_create(
        [
            CostLayer(
                movement_id=movement.id,
                sku_id=movement.sku_id,
                location_id=movement.location_id,
                units=movement.delta,
                source=movement.kind,
                occurred_at=movement.created_at,
            )
        ],
        ignore_conflicts=True,
    )
    return CostLayer.objects.select_for_update().get(movement_id=movement_id)
