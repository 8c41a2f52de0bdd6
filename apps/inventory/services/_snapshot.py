"""What stock was worth at the end of a month, kept so that a valuation reads only what came since."""

from datetime import datetime, timedelta

from apps.inventory.domain.valuation import Worth
from apps.inventory.domain.worth_state import state_of
from apps.inventory.models import ValueSnapshot
from apps.inventory.queries import valuation as queries
from apps.inventory.services._value import worths
from apps.inventory.types import ValueStock

BATCH = 200
METHODS = ("fifo", "average")
SETTLED = timedelta(hours=1)
"""What is written within a transaction carries its time: so much later, all of that time can be seen."""


def snapshot_value(*, now: datetime, batches: int = 50) -> int:
    """Snapshot every SKU at the end of the last month, some batches at a time; says how many were made.

    Each goes on from the one before it. Repeatable: what is there is left alone.
    """
    until = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    known_at = now - SETTLED
    if known_at < until:
        return 0
    made = 0
    for method in METHODS:
        for _ in range(batches):
            taken = take_snapshots(method, until=until, known_at=known_at)
            made += taken
            if not taken:
                break
    return made


def take_snapshots(method: str, *, until: datetime, known_at: datetime) -> int:
    """Snapshot a batch of SKUs that have none of that time."""
    skus = queries.without_snapshot(until, method, BATCH)
    if not skus:
        return 0
    command = ValueStock(at=until, known_at=known_at, method=method)  # type: ignore[arg-type]  # one of METHODS
    found = worths(command, skus)
    ids = {code: id_ for id_, code in queries.location_codes().items()}
    queries.save_snapshots(
        [
            ValueSnapshot(
                sku_id=sku_id,
                method=method,
                until=until,
                known_at=known_at,
                state=state_of(found.get(sku_id) or Worth(method == "average"), ids),
            )
            for sku_id in skus
        ]
    )
    return len(skus)
