"""What layers cost: written once, summed when asked."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Sum

from apps.inventory.models import CostEntry, CostLayer, Discrepancy

BROKEN = "broken"
"""The source of a layer of units that came broken: what a supplier may be asked for, no value of stock."""
UNCOUNTED = "uncounted"
"""The source of a layer of units that were booked and turn out not to have come."""


def layers_of(references: Collection[UUID]) -> list[tuple[UUID, int, int]]:
    """(layer, units, cost so far) of what came by these lines, oldest first, locked against other entries."""
    rows = (
        CostLayer.objects.select_for_update()
        .filter(reference__in=list(references))
        .order_by("recorded_at", "movement_id")
        .values_list("movement_id", "units")
    )
    found = list(rows)
    costs = cost_of([layer for layer, _ in found])
    return [(layer, units, costs.get(layer, 0)) for layer, units in found]


def broken_layers_of(order_lines: Collection[UUID]) -> list[tuple[UUID, int, int]]:
    """Likewise, of what came broken of these order lines."""
    found = Discrepancy.objects.filter(line__order_line__in=list(order_lines), kind="DAMAGED")
    return layers_of(list(found.values_list("id", flat=True)))


def cost_of(layers: Collection[UUID]) -> dict[UUID, int]:
    """What each layer cost, as far as is known."""
    sums = CostEntry.objects.filter(layer__in=list(layers)).values("layer")
    return dict(sums.annotate(cost=Sum("amount_minor")).values_list("layer", "cost"))
