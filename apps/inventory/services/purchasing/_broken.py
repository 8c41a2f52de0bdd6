"""Units that came broken: they lie among what is damaged, and what they cost waits beside, until both are settled."""

from dataclasses import dataclass
from datetime import datetime

from apps.inventory.domain.landed import Slice
from apps.inventory.domain.purchasing import Disposal, Reason
from apps.inventory.models import CostEntry, Inbound, InboundLine
from apps.inventory.models import Discrepancy as DiscrepancyRow
from apps.inventory.queries import costs
from apps.inventory.queries import purchasing as queries
from apps.inventory.services._change import adjust_stock
from apps.inventory.services.purchasing._costs import add_layer, cost_of_last
from apps.inventory.types import AdjustStock, StockChange
from ecommerce.money import allocate


@dataclass(frozen=True, slots=True)
class Broken:
    """Units that came broken: their ledger entry, and what they cost where somebody said."""

    change: StockChange
    cost: Slice | None

    @property
    def units(self) -> int:
        return self.change.damaged_delta

    @property
    def cost_minor(self) -> int:
        return self.cost.total_minor if self.cost else 0


def lay_down(row: DiscrepancyRow, broken: Broken, inbound: Inbound, occurred_at: datetime) -> None:
    """What came broken is in the house, and its cost is claimed under the difference. Saves the row."""
    row.in_house += broken.units
    row.save(update_fields=["in_house"])
    add_layer(
        broken.change,
        location_id=inbound.location_id,
        cost=broken.cost,
        reference=row.id,
        occurred_at=occurred_at,
    )


def find_whole(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    *,
    units: int,
    actor: str,
    now: datetime,
) -> None:
    """Units that were taken for broken are whole: on hand they go, with their part of the cost."""
    damaged = min(units, row.in_house)
    change = _move(line, inbound, units, -damaged, Reason.FOUND_WHOLE, "adjustment", actor)
    row.in_house -= damaged
    cost = row.cost_minor * units // row.units
    row.cost_minor -= cost
    known = _unclaim(row, cost)
    add_layer(
        change,
        location_id=inbound.location_id,
        cost=Slice(goods_minor=cost, other_minor=0) if known else None,
        reference=line.order_line_id or line.id,
        occurred_at=now,
    )
    queries.count_arrival(line, received=units, damaged=-units)


def find_broken(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    *,
    units: int,
    actor: str,
    now: datetime,
) -> None:
    """Units that were taken for whole are broken: they leave what is on hand, and their cost is claimed."""
    cost = cost_of_last(inbound, line, units)
    change = _move(line, inbound, -units, units, Reason.FOUND_BROKEN, "damage", actor)
    row.in_house += units
    row.cost_minor += cost.total_minor if cost else 0
    add_layer(
        change,
        location_id=inbound.location_id,
        cost=cost,
        reference=row.id,
        occurred_at=now,
    )
    queries.count_arrival(line, received=-units, damaged=units)


def dispose(
    row: DiscrepancyRow, line: InboundLine, inbound: Inbound, disposal: Disposal, *, actor: str
) -> None:
    """What becomes of the units once it is settled: scrapped and sent back they leave, kept they stay damaged.

    Raises InsufficientStock where they are not there any more, since somebody has written them off by hand.
    """
    row.disposal = disposal.value
    if disposal == Disposal.KEEP or not row.in_house:
        return
    back = disposal == Disposal.RETURN
    reason, kind = (Reason.SENT_BACK, "adjustment") if back else (Reason.SCRAPPED, "scrap")
    _move(line, inbound, 0, -row.in_house, reason, kind, actor)
    row.in_house = 0


def end_claim(row: DiscrepancyRow, credit_minor: int) -> None:
    """The cost of a difference's units is settled: so much was given back, the rest is written off."""
    layers = costs.layers_of([row.id])
    if not layers:
        return
    by_cost = any(cost > 0 for _, _, cost in layers)
    weights = [max(0, cost) if by_cost else units for _, units, cost in layers]
    entries = []
    for (layer, _, cost), given in zip(layers, allocate(credit_minor, weights), strict=True):
        for kind, amount in (("credit", given), ("written_off", cost - given)):
            if amount:
                entries.append(CostEntry(layer_id=layer, kind=kind, amount_minor=-amount))
    CostEntry.objects.bulk_create(entries)


def _unclaim(row: DiscrepancyRow, cost_minor: int) -> bool:
    """So much less is claimed. Did anybody say what the units cost?"""
    layers = costs.layers_of([row.id])
    if cost_minor and layers:
        parts = allocate(cost_minor, [max(0, cost) for _, _, cost in layers])
        CostEntry.objects.bulk_create(
            CostEntry(layer_id=layer, kind="mended", amount_minor=-part)
            for (layer, _, _), part in zip(layers, parts, strict=True)
            if part
        )
    return cost_minor > 0 or bool(costs.cost_of([layer for layer, _, _ in layers]))


def _move(
    line: InboundLine,
    inbound: Inbound,
    delta: int,
    damaged: int,
    reason: Reason,
    kind: str,
    actor: str,
) -> StockChange:
    return adjust_stock(
        AdjustStock(
            sku_id=line.sku_id,
            delta=delta,
            damaged_delta=damaged,
            reason=reason.value,
            location=inbound.location.code,
            kind=kind,
            reference=str(inbound.id),
            actor=actor,
        )
    )
