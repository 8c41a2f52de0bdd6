"""The stock in a few figures, for dashboards."""

from datetime import datetime
from typing import NamedTuple

from apps.inventory.queries.alerting import UNITS
from apps.inventory.queries.stripes import FREE
from ecommerce.sql import fetch_all

_WORK = """
SELECT
    (SELECT count(*) FROM inventory_reservation
     WHERE status = 'RESERVED' AND expires_at > %(now)s),
    (SELECT count(*) FROM inventory_allocation
     WHERE status IN ('ALLOCATED', 'PICKING', 'PICKED', 'PACKED')),
    coalesce(-sum(l.variance) FILTER (WHERE l.variance < 0), 0),
    coalesce(sum(l.variance) FILTER (WHERE l.variance > 0), 0)
FROM inventory_countsession c JOIN inventory_countline l ON l.session_id = c.id
WHERE c.opened_at > %(counted_since)s AND c.status <> 'CANCELLED'
"""
# Whether there are any is enough: stripes are looked up where the level alone has none.
_ANY = f"""CASE WHEN l.held THEN 0 WHEN l.on_hand > l.reserved + l.allocated THEN 1
                ELSE {FREE} END"""
_SHELVES = f"""
SELECT (SELECT coalesce(sum(on_hand), 0) FROM inventory_stocklevel),
       (SELECT coalesce(avg((value <= 0)::int), 0)::float
        FROM ({UNITS.format(units=_ANY, location="NULL::uuid")}) sku)
"""


class Work(NamedTuple):
    """Reservations that have not run out, allocations that have not left, units that counts found
    missing and too many."""

    active: int
    pending: int
    missing: int
    found: int


class Shelves(NamedTuple):
    """Units on hand, and the share of SKUs with nothing free at any active location, from 0 to 1."""

    on_hand: int
    stockout_rate: float


def work(*, now: datetime, counted_since: datetime) -> Work:
    """Read from indexes on what is open, and the lines of counts opened since then."""
    (row,) = fetch_all(_WORK, now=now, counted_since=counted_since)
    return Work(*row)


def shelves() -> Shelves:
    """Reads every stock level."""
    (row,) = fetch_all(_SHELVES, sku=None, location=None, skus=None)
    return Shelves(*row)
