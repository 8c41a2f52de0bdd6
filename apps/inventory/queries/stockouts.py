"""When SKUs could not be sold."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.inventory.domain.stockouts import Outage
from apps.inventory.models import Stockout, StockPolicy

Place = tuple[UUID, UUID | None]
"""A SKU and a location; None is everywhere."""


def open_ones(sku_ids: Collection[UUID]) -> dict[Place, tuple[int, datetime]]:
    """The outages of these SKUs that have not ended: their rows, and when they began."""
    rows = Stockout.objects.filter(sku_id__in=sku_ids, ended_at=None)
    found = rows.values_list("sku_id", "location_id", "id", "began_at")
    return {(sku, location): (id_, began) for sku, location, id_, began in found}


def end(ended: Sequence[tuple[int, datetime]]) -> None:
    """Outages are over."""
    rows = [Stockout(id=id_, ended_at=at) for id_, at in ended]
    Stockout.objects.bulk_update(rows, ["ended_at"], batch_size=500)


def add(found: Sequence[tuple[Place, Outage]]) -> None:
    """Outages, ended or not."""
    Stockout.objects.bulk_create(
        [
            Stockout(sku_id=sku, location_id=location, began_at=began, ended_at=ended)
            for (sku, location), (began, ended) in found
        ],
        batch_size=500,
    )


def between(
    sku_ids: Collection[UUID], *, since: datetime, until: datetime
) -> dict[Place, list[Outage]]:
    """The outages of SKUs in a time. Who may be ordered beyond the stock is never out: such have none."""
    beyond = StockPolicy.objects.exclude(oversell="deny").filter(sku_id__in=sku_ids)
    rows = (
        Stockout.objects.filter(sku_id__in=sku_ids, began_at__lt=until)
        .filter(Q(ended_at=None) | Q(ended_at__gt=since))
        .exclude(sku_id__in=beyond.values("sku_id"))
    )
    found: dict[Place, list[Outage]] = {}
    for sku, location, began, ended in rows.values_list(
        "sku_id", "location_id", "began_at", "ended_at"
    ):
        found.setdefault((sku, location), []).append((began, ended))
    return found
