"""Ask a warehouse what lies there, and list where that is not what we think."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import (
    NoComparison,
    NothingToCount,
    NoWarehouseSystem,
    WarehouseUnavailable,
)
from apps.inventory.gateways.wms.connected import system_named
from apps.inventory.gateways.wms.port import OnShelf, Refused, Silent
from apps.inventory.models import StockComparison as ComparisonRow
from apps.inventory.models import StockDifference
from apps.inventory.queries import reading, warehouse
from apps.inventory.queries.lots import tracking_of
from apps.inventory.queries.warehouse import Place
from apps.inventory.services.counting import note_counts, start_count
from apps.inventory.types import Count, ShelfCount, StartCount, StockComparison, WarehouseStock

log = logging.getLogger(__name__)
_FIRST = UUID(int=0)
_BATCH = 500
_A_DAY = timedelta(hours=23)
_KEPT = 5_000
"""So many differences of a comparison are listed. Who has more has another trouble."""


def warehouse_stock(*, location: str, after: UUID | None = None) -> Iterator[WarehouseStock]:
    """Every SKU that lies at a location by its system's account or by ours, in the order of their ids.

    ``after`` goes on behind that one.

    In pages, as the system gives them. Raises UnknownLocation, NoWarehouseSystem, WarehouseUnavailable.
    """
    place = warehouse.place(location)
    system = system_named(place.system)
    if system is None:
        raise NoWarehouseSystem(f"{place.code} is run by hand")
    after = after or _FIRST
    try:
        for page in system.inventory(place.code, after):
            if page:
                yield from _beside(place, page, after, page[-1].sku_id)
                after = page[-1].sku_id
    except (Silent, Refused) as error:
        raise WarehouseUnavailable(f"{place.code} does not tell its stock: {error}") from error
    while rest := warehouse.level_ids(place.id, after, _BATCH):
        yield from _beside(place, [], after, rest[-1])
        after = rest[-1]


def compare_stock(*, location: str, now: datetime) -> StockComparison:
    """List the SKUs of which a warehouse has other numbers than we; those that move just now are left out.

    A warehouse that does not answer is noted as such. Raises UnknownLocation, NoWarehouseSystem.
    """
    place = warehouse.place(location)
    row = ComparisonRow(location_id=place.id, compared_at=now)
    found: list[StockDifference] = []
    try:
        for stock in warehouse_stock(location=place.code):
            row.skus += 1
            row.moving += stock.moving
            if stock.difference and not stock.moving:
                row.differing += 1
                if len(found) < _KEPT:
                    found.append(_difference(row, stock))
    except WarehouseUnavailable as error:
        row.error = error.detail[:300]
        found = []
    with transaction.atomic():
        row.save(force_insert=True)
        StockDifference.objects.bulk_create(found, batch_size=_BATCH)
    if row.differing or row.error:
        log.warning("stock of %s: %s differ %s", place.code, row.differing, row.error)
    return comparison_of(row, place.code)


def compare_all_stock(*, now: datetime) -> int:
    """Compare every location that a system runs, once a day; says how many SKUs differ."""
    lately = ComparisonRow.objects.filter(compared_at__gt=now - _A_DAY)
    done = set(lately.values_list("location_id", flat=True))
    due = [place for place in warehouse.places() if place.id not in done]
    return sum(compare_stock(location=place.code, now=now).differing for place in due)


@transaction.atomic
def count_differences(*, comparison_id: UUID, actor: str, now: datetime) -> Count:
    """Open a count of what differs, with the warehouse's numbers noted as counted: somebody decides on each.
    SKUs whose units are told apart are on its list to be counted, since the warehouse told no lots or numbers.

    What has moved since the comparison moved there too: what differs is added to what lies there now.
    Raises NoComparison, NothingToCount where nothing differs or there is a count of it.
    """
    row = ComparisonRow.objects.select_for_update().filter(id=comparison_id).first()
    if row is None:
        raise NoComparison(f"no comparison {comparison_id}")
    differences = list(row.differences.order_by("sku_id")) if row.count_id is None else []
    if not differences:
        raise NothingToCount("Nothing differs, or it is being counted.")
    location = row.location.code
    count = start_count(
        StartCount(
            location=location,
            scope="chosen",
            sku_ids=tuple(one.sku_id for one in differences),
            note=f"compared with the warehouse on {row.compared_at:%Y-%m-%d}",
            actor=actor,
        ),
        now=now,
    )
    row.count_id = count.id
    row.save(update_fields=["count_id"])
    counted = _counted(row.location_id, differences)
    tracked = tracking_of({one.sku_id for one in differences})
    return note_counts(
        count_id=count.id,
        counts=[one for one in counted if one.sku_id not in tracked],
        actor=actor,
        now=now,
    )


def _counted(location_id: UUID, differences: Sequence[StockDifference]) -> list[ShelfCount]:
    now = reading.standing([one.sku_id for one in differences])
    return [
        ShelfCount(
            sku_id=one.sku_id,
            counted=max(
                0, now.get((one.sku_id, location_id), (0, 0, 0))[0] + one.theirs - one.ours
            ),
        )
        for one in differences
    ]


def comparison_of(row: ComparisonRow, location: str) -> StockComparison:
    """A comparison as others see it."""
    return StockComparison(
        id=row.id,
        location=location,
        compared_at=row.compared_at,
        skus=row.skus,
        moving=row.moving,
        differing=row.differing,
        error=row.error,
        count_id=row.count_id,
    )


def _beside(
    place: Place, page: Sequence[OnShelf], after: UUID, last: UUID
) -> Iterator[WarehouseStock]:
    theirs = {one.sku_id: one.on_hand for one in page}
    ours = warehouse.standing(location_id=place.id, after=after, last=last)
    for sku_id in sorted(theirs.keys() | ours.keys()):
        mine = ours.get(sku_id)
        yield WarehouseStock(
            sku_id=sku_id,
            theirs=theirs.get(sku_id, 0),
            ours=mine.on_hand - mine.staged if mine else 0,
            staged=mine.staged if mine else 0,
            moving=mine.moving if mine else False,
        )


def _difference(row: ComparisonRow, stock: WarehouseStock) -> StockDifference:
    return StockDifference(
        comparison=row,
        sku_id=stock.sku_id,
        ours=stock.ours,
        theirs=stock.theirs,
        staged=stock.staged,
    )
