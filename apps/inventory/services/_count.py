"""Take counts as the truth: opening stock of an import, the result of a stocktaking."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import EmptyStockChange
from apps.inventory.queries import reading, stripes
from apps.inventory.queries.ledger import Entry
from apps.inventory.services._write import location_ids, lock, tell, within_bounds, write_locked
from apps.inventory.types import CountStock
from ecommerce.ids import new_id

log = logging.getLogger(__name__)

Key = tuple[UUID, UUID]


@transaction.atomic
@within_bounds()
def count_stock(counts: Sequence[CountStock]) -> int:
    """Set levels to what was counted, each with a ledger entry over the difference; says how many moved.

    Set-based: a handful of statements for any number. A count below what is promised to orders
    leaves just that on hand, since promises stand, and is logged. The last count of a level wins.
    Raises UnknownLocation, TooManyUnits. A count whose key was used before changes nothing.
    """
    if not counts:
        return 0
    if any(count.on_hand < 0 for count in counts):
        raise EmptyStockChange("nobody counts less than nothing")
    codes = sorted({count.location for count in counts})
    locations = dict(zip(codes, location_ids(*codes), strict=True))
    wanted: dict[Key, CountStock] = {(c.sku_id, locations[c.location]): c for c in counts}
    targets = [_entry(key, count) for key, count in sorted(wanted.items(), key=lambda i: i[0])]
    before, hot = lock(targets)
    standing = reading.standing({entry.sku_id for entry in targets})
    entries = [entry for target in targets if (entry := _difference(target, standing)).delta]
    written = write_locked(entries) if entries else []
    tell(entries, written, before)
    if hot:
        stripes.spread(hot)
    return sum(outcome.outcome == "applied" for outcome in written)


def _entry(key: Key, count: CountStock) -> Entry:
    sku_id, location_id = key
    return Entry(
        id=new_id(),
        sku_id=sku_id,
        location_id=location_id,
        kind="count",
        delta=count.on_hand,
        reason=count.reason,
        seller=count.seller,
        reference=count.reference,
        key=count.idempotency_key,
    )


def _difference(target: Entry, standing: dict[Key, tuple[int, int, int]]) -> Entry:
    on_hand, promised, version = standing.get((target.sku_id, target.location_id), (0, 0, 0))
    if target.delta < promised:
        log.warning("%s of %s were counted, %s are promised", target.delta, target.sku_id, promised)
    delta = max(target.delta, promised) - on_hand
    return replace(target, delta=delta, kind="count" if version else "opening")
