"""The ledger's parts are made before they are needed."""

from datetime import datetime

from apps.inventory.queries.months import LEDGER


def extend_ledger(*, now: datetime) -> list[str]:
    """Make the parts of this month and the next three; says which were missing."""
    return LEDGER.ensure(now=now)
