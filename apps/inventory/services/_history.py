"""What stock was, and why it is what it is."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from apps.inventory.domain.explaining import told
from apps.inventory.queries import history
from apps.inventory.services._locations import known_location
from apps.inventory.services._write import location_ids
from apps.inventory.types import Explanation, StockThen


def stock_as_of(*, sku_id: UUID, at: datetime, location: str | None = None) -> StockThen:
    """What lay where at that time, by the ledger: what was promised to whom it does not know. Raises UnknownLocation."""
    known_location(location=location)
    return history.stock_then(sku_id, location, at)


def explain_stock(*, sku_id: UUID, location: str, since: datetime, at: datetime) -> Explanation:
    """Why on-hand at a location was what it was at ``at``, in words too. Raises UnknownLocation."""
    (location_id,) = location_ids(location)
    found = history.explanation(sku_id, location, location_id, min(since, at), at)
    return replace(found, text=told(found))
