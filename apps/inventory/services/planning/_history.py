"""What was sold per day, counted as the ledger tells it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from apps.inventory.queries import planning as queries


@transaction.atomic
def count_demand(shipped: Iterable[tuple[UUID, str, date, int]]) -> None:
    """Add what left: (SKU, location code, day, units) each. In the transaction of the consumer that calls it,
    which makes every event count once."""
    sums: Counter[tuple[UUID, str, date]] = Counter()
    for sku_id, location, day, units in shipped:
        sums[sku_id, location, day] += units
    if sums:
        queries.add_demand(dict(sums))
