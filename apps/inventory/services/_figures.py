"""The stock's gauges on ``/metrics``: however often a process is asked, it reads them only so often."""

from datetime import timedelta

from apps.inventory.queries import figures
from ecommerce.clock import now
from ecommerce.operations.metrics import Samples, measured
from ecommerce.ttl_cache import TtlCache

COUNTED_DAYS = 7
"""How far back the variance of counts looks."""
_work: TtlCache[None, figures.Work] = TtlCache(seconds=10)
_shelves: TtlCache[None, figures.Shelves] = TtlCache(seconds=300)
"""Every level is read for them."""


def _read_work() -> figures.Work:
    moment = now()
    since = moment - timedelta(days=COUNTED_DAYS)
    return _work.get(None, lambda: figures.work(now=moment, counted_since=since))


@measured("reservations_active", "Reservations that hold stock for a while and have not run out.")
def active_reservations() -> Samples:
    """Soft ones: what is confirmed is allocated."""
    return {(): _read_work().active}


@measured("allocations_pending", "Paid orders whose goods have not left.")
def pending_allocations() -> Samples:
    """Allocated, picked or packed."""
    return {(): _read_work().pending}


@measured(
    "reconciliation_variance",
    f"Units that the counts of the last {COUNTED_DAYS} days found missing, and too many.",
    labels=("direction",),
)
def count_variance() -> Samples:
    """Neither is negative."""
    read = _read_work()
    return {("missing",): read.missing, ("found",): read.found}


@measured("inventory_onhand_count", "Units on hand, at all locations.")
def on_hand() -> Samples:
    """What lies there and can be sold, be it promised or not."""
    return {(): _shelves.get(None, figures.shelves).on_hand}


@measured("stockout_rate", "Share of SKUs of which nothing is available, from 0 to 1.")
def stockout_rate() -> Samples:
    """As the alert of that name has it: over all active locations."""
    return {(): _shelves.get(None, figures.shelves).stockout_rate}
