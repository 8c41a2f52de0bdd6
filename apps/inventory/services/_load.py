"""The loader for very many levels at once."""

from collections.abc import Iterable

from django.db import transaction

from apps.inventory.errors import UnknownLocation
from apps.inventory.queries import loading
from apps.inventory.types import OpeningStock


@transaction.atomic
def load_stock(rows: Iterable[OpeningStock]) -> int:
    """Make levels with their opening entries, by COPY; says how many. Levels that exist are left alone.

    It tells nobody: read models of availability are rebuilt after it. Rows are streamed, so a million
    of them need no memory. Raises UnknownLocation.
    """
    known = loading.all_locations()

    def located(row: OpeningStock) -> loading.Row:
        if row.location not in known:
            raise UnknownLocation(f"no location {row.location!r}")
        return row.sku_id, known[row.location], row.seller, row.on_hand

    return loading.copy_levels(map(located, rows))
