"""Where a delivery differs from what was expected: the discrepancy report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from apps.inventory.domain.purchasing import Difference, InboundState, Settled
from apps.inventory.events import InboundAdjusted
from apps.inventory.models import Discrepancy, Inbound, InboundLine
from apps.inventory.services.purchasing._broken import Broken, lay_down
from ecommerce.events import publish_many


def note_differences(
    inbound: Inbound,
    lines: Iterable[InboundLine],
    broken: Mapping[UUID, Broken],
    *,
    occurred_at: datetime,
) -> None:
    """Write down what differs now and was not noted before, and what came broken just now; the delivery is locked.

    Units that were settled are not noted again: only those beyond them are. Those that a recount put right
    do not differ any more.
    """
    lines = list(lines)
    noted = {
        (line, kind): units
        for line, kind, units in Discrepancy.objects.filter(line__in=lines)
        .exclude(state=Settled.RECOUNTED)
        .values("line", "kind")
        .annotate(units=Sum("units"))
        .values_list("line", "kind", "units")
    }
    facts = []
    for line in lines:
        for kind, units in _differing(line, inbound).items():
            more = units - noted.get((line.id, kind), 0)
            if more > 0:
                facts.append(fact_of(_note(line, kind, more, 0), line))
        if hurt := broken.get(line.id):
            row = _note(line, Difference.DAMAGED, hurt.units, hurt.cost_minor)
            lay_down(row, hurt, inbound, occurred_at)
            facts.append(fact_of(row, line))
    publish_many(facts)


def fact_of(row: Discrepancy, line: InboundLine) -> InboundAdjusted:
    """What is told of a difference."""
    return InboundAdjusted(
        inbound_id=line.inbound_id,
        discrepancy_id=row.id,
        sku_id=line.sku_id,
        kind=row.kind,
        quantity=row.units,
        state=row.state,
    )


def _differing(line: InboundLine, inbound: Inbound) -> dict[Difference, int]:
    came = line.received + line.damaged
    ended = inbound.state == InboundState.RECEIVED
    return {
        Difference.OVER: max(0, came - line.expected),
        Difference.UNDER: max(0, line.expected - came) if ended else 0,
    }


def _note(line: InboundLine, kind: Difference, units: int, cost_minor: int) -> Discrepancy:
    row, made = Discrepancy.objects.get_or_create(
        line=line,
        kind=kind.value,
        state="OPEN",
        defaults={"units": units, "cost_minor": cost_minor},
    )
    if not made:
        Discrepancy.objects.filter(id=row.id).update(
            units=F("units") + units, cost_minor=F("cost_minor") + cost_minor
        )
        row.refresh_from_db()
    return row
