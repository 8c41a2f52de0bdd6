"""The loader for very many levels at once."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction

from apps.inventory.errors import UnknownLocation
from apps.inventory.events import AvailableUpdated
from apps.inventory.queries import ledger, loading
from apps.inventory.types import OpeningStock
from ecommerce.events import publish_many

BATCH = 5_000


def load_stock(rows: Iterable[OpeningStock]) -> int:
    """Make levels with their opening entries, by COPY; says how many. Levels that exist are left alone.

    Each batch is a transaction that tells what can be promised now of every SKU it brought; the single
    movements are not told. Memory does not grow with the rows. Raises UnknownLocation.
    """
    known = loading.all_locations()

    def located(row: OpeningStock) -> loading.Row:
        if row.location not in known:
            raise UnknownLocation(f"no location {row.location!r}")
        return row.sku_id, known[row.location], row.seller, row.on_hand

    waiting, loaded = map(located, rows), 0
    while batch := list(islice(waiting, BATCH)):
        loaded += _load(batch)
    return loaded


@transaction.atomic
def _load(batch: Sequence[loading.Row]) -> int:
    brought = loading.copy_levels(batch)
    totals = ledger.totals(set(brought))
    publish_many(
        [AvailableUpdated(sku_id=sku_id, available=units) for sku_id, units in totals.items()]
    )
    return len(brought)
