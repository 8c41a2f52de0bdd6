"""When a SKU could not be sold, noted as stock tells it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.stockouts import Outage, outages
from apps.inventory.queries import reading, stockouts
from apps.inventory.queries.stockouts import Place

Changes = Sequence[tuple[datetime, bool]]
"""When, and whether it is out since."""
Told = tuple[UUID, str | None, datetime, bool]
"""A SKU, a location's code (None: everywhere), when, and whether it is out since."""


@transaction.atomic
def note_stockouts(told: Iterable[Told]) -> None:
    """Note what ran out and what came back, told in order. In the transaction of the consumer that calls it,
    which makes every event count once. Four statements at most, whatever the number."""
    changes: dict[tuple[UUID, str | None], list[tuple[datetime, bool]]] = {}
    for sku_id, code, at, out in told:
        changes.setdefault((sku_id, code), []).append((at, out))
    if changes:
        _note(_placed(changes))


def _placed(changes: Mapping[tuple[UUID, str | None], Changes]) -> dict[Place, Changes]:
    """Likewise by the ids of locations. What became of those that are not there is left out."""
    ids = reading.location_ids({code for _, code in changes if code is not None})
    return {
        (sku_id, ids[code] if code is not None else None): ones
        for (sku_id, code), ones in changes.items()
        if code is None or code in ids
    }


def _note(changes: Mapping[Place, Changes]) -> None:
    begun = stockouts.open_ones({sku_id for sku_id, _ in changes})
    ended: list[tuple[int, datetime]] = []
    added: list[tuple[Place, Outage]] = []
    for place, ones in changes.items():
        row, since = begun.get(place, (None, None))
        found, continues = outages(since, ones)
        if continues and row is not None:
            (_, until), *found = found
            if until is not None:
                ended.append((row, until))
        added += [(place, outage) for outage in found]
    if ended:
        stockouts.end(ended)
    if added:
        stockouts.add(added)
