"""Do the stock's books hold? Read by operators, every hour, and by every experiment at its end."""

import logging
import time
from collections.abc import Callable
from itertools import islice

from apps.inventory.models import StockCheck
from apps.inventory.queries import auditing
from apps.inventory.types import StockAudit
from ecommerce.operations.metrics import measured

log = logging.getLogger(__name__)
MOST = 100
"""So many differences of each kind are told; that there are more is told too."""


def audit_stock(
    *, most: int = MOST, progress: Callable[[str, float], None] | None = None
) -> StockAudit:
    """on_hand and damaged = sums of the ledger, whose entries are numbered without a gap; reserved and
    allocated = what open reservations hold; incoming = what is on its way; lots = their level, and what their
    movements moved; held = a hold;
    what came broken = the ledger's entries of its delivery, is there while it waits, and claims what it cost.

    While the shop sells, in bounded memory: ``progress`` hears of each check and its seconds.
    """
    started = time.monotonic()
    found: dict[str, dict[str, tuple[int, int]]] = {}
    with auditing.auditing():
        peak = auditing.memory_gauge()
        levels, movements, reservations = auditing.sizes()
        for check in auditing.CHECKS:
            since = time.monotonic()
            rows = islice(auditing.differences(check), most)
            found[check] = {where: (says, should) for where, says, should in rows}
            if progress:
                progress(check, time.monotonic() - since)
        ours, databases = peak()
    return StockAudit(
        levels=levels,
        movements=movements,
        reservations=reservations,
        off=found,
        seconds=time.monotonic() - started,
        peak_memory=ours,
        database_peak_memory=databases,
    )


def check_stock() -> StockAudit:
    """Audit, keep what was found for operators to read, and say so at error level if something is wrong."""
    audit = audit_stock()
    StockCheck.objects.create(
        seconds=audit.seconds,
        levels=audit.levels,
        movements=audit.movements,
        reservations=audit.reservations,
        differences={check: rows for check, rows in audit.off.items() if rows},
    )
    if not audit.clean:
        log.error("the stock does not add up: %s", {k: len(v) for k, v in audit.off.items() if v})
    return audit


@measured("inventory_differences", "Places where the stock did not add up at the last check.")
def last_differences() -> dict[tuple[str, ...], float]:
    """How many differences the last hourly check found."""
    last = StockCheck.objects.order_by("-checked_at").values_list("differences", flat=True).first()
    return {(): float(sum(map(len, (last or {}).values())))}
