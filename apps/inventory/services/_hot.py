"""Hot SKUs: how their units are counted out, and what that means for everybody else who writes levels."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.gateways import hints
from apps.inventory.models import StockPolicy as HotPolicy
from apps.inventory.queries import assembling, policies, reading, stripes
from apps.inventory.types import Availability, Counting, StockPolicy
from ecommerce.events import publish_many

WAITS = 50
"""So many waited for a SKU within ten seconds: it is hot."""
COOLING = timedelta(minutes=15)


@transaction.atomic
def set_counting(*, sku_id: UUID, counting: Counting, automatic: bool = False) -> StockPolicy:
    """Count a SKU's units on one row per level (plain), on several (striped), or those behind a gate (flash).

    Exact at any moment: whoever reserves meanwhile waits for the levels, and finds the units wherever
    they are counted then. Repeating it spreads what is free anew. What its buyers could not tell of a hot
    SKU is told when it becomes a plain one.
    """
    assembling.lock_levels([sku_id])
    stripes.gather([sku_id])
    row = policies.hold(sku_id)
    if row.counting != "plain" and counting == "plain":
        publish_many(list(of_shifts([_shift(row, reading.availability([sku_id]))])))
    row.counting, row.counting_automatic = counting, automatic
    row.counting_since, row.announced = TransactionNow(), None
    row.save(update_fields=["counting", "counting_automatic", "counting_since", "announced"])
    stripes.set_open(sku_id, counting != "plain")
    stripes.spread([sku_id])
    return policies.policy(sku_id)


def follow_contention(*, now: datetime) -> int:
    """Put SKUs that buyers queue for on stripes, and those back that were so for a while; says how many.

    Only what was switched by itself is switched back, and nothing that an operator switches meanwhile. Whether it
    was right is seen again soon.
    """
    queued_for = set(hints.waited_for(WAITS))
    counted = {row.sku_id: row for row in policies.hot()}
    hotter = sorted(queued_for - counted.keys())
    cooler = [
        row.sku_id
        for row in counted.values()
        if row.counting_automatic
        and row.sku_id not in queued_for
        and row.counting_since < now - COOLING
    ]
    switched = [_switch(sku_id, "striped") for sku_id in hotter]
    switched += [_switch(sku_id, "plain") for sku_id in cooler]
    return sum(switched)


@transaction.atomic
def _switch(sku_id: UUID, counting: Counting) -> bool:
    assembling.lock_levels([sku_id])  # as whoever switches does first
    there = policies.policy(sku_id)
    by_operator = there.counting != "plain" and not there.counting_automatic
    if by_operator or there.counting == counting:
        return False
    set_counting(sku_id=sku_id, counting=counting, automatic=counting != "plain")
    return True


def settle(sku_ids: Collection[UUID]) -> None:
    """Before allocated units are given back: bring what stripes count back to the levels, and lock those."""
    assembling.lock_levels(sku_ids)
    stripes.gather(sku_ids)


def announce_hot() -> int:
    """Tell what can be promised of hot SKUs, where that has changed since it was told; says of how many.

    Their buyers do not look at each other's rows, so that none of them could tell.
    """
    hot = policies.hot()
    stock = reading.availability([row.sku_id for row in hot]) if hot else {}
    shifts = [_shift(row, stock) for row in hot]
    moved = [shift for shift in shifts if shift.before != shift.after]
    if moved:
        with transaction.atomic():
            publish_many(list(of_shifts(moved)))
            policies.note_announced({shift.sku_id: shift.after for shift in moved})
    return len(moved)


def _shift(row: HotPolicy, stock: Mapping[UUID, Availability]) -> Shift:
    """From what was told last of a hot SKU to what there is."""
    told = -1 if row.announced is None else row.announced
    return Shift(row.sku_id, told, stock[row.sku_id].available)
