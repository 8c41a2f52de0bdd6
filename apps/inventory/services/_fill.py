"""Give units to those who wait for them, first come, first served."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.events import AvailableUpdated
from apps.inventory.queries import assembling, policies, queueing, reading, stripes
from apps.inventory.queries.queueing import Fill, Waiting
from ecommerce.events import publish_many

HEAD = 200
"""How many of a queue are served in one transaction."""


def fill_backorders(*, sku_ids: Collection[UUID] | None = None) -> int:
    """Fill what can be filled of these SKUs' backorders, or of all; says how many units. Repeating it is harmless.

    What is there decides, not what was told of it. A hold that has run out is passed over. SKUs that are named
    are filled in one transaction, all locks taken in the one order; all that there are, in one each.
    """
    waited_for = queueing.waited_for(sku_ids)
    if sku_ids is None:
        return sum(_fill([sku_id]) for sku_id in waited_for)
    return _fill(waited_for) if waited_for else 0


@transaction.atomic
def _fill(sku_ids: Sequence[UUID]) -> int:
    heads = queueing.hold_first(sku_ids, HEAD)
    assembling.lock_levels(sku_ids)
    stripes.gather(sku_ids)
    assembling.lock_policies(sku_ids)
    filled = sum(_serve(sku_id, heads.get(sku_id, ())) for sku_id in sku_ids)
    stripes.spread(sku_ids)
    return filled


def _serve(sku_id: UUID, ids: Collection[UUID]) -> int:
    free = {shelf.location_id: shelf.free for shelf in assembling.shelves([sku_id])}
    before = sum(free.values())
    fills = _fills(queueing.queue(sku_id, ids), free)
    filled = sum(one.units for one in fills)
    if fills:
        queueing.fill(sku_id, fills)
        publish_many(list(of_shifts([Shift(sku_id, before, before - filled)])))
    return filled


def _fills(queue: Iterable[Waiting], free: dict[UUID, int]) -> list[Fill]:
    fills = []
    for waiting in queue:
        left = waiting.units
        for location_id in free:
            take = min(left, free[location_id])
            if take > 0:
                fills.append(Fill(waiting, location_id, take))
                free[location_id] -= take
                left -= take
    return fills


def tell_kits(*, sku_ids: Collection[UUID]) -> int:
    """What can be promised of the kits that have these components, told anew; says of how many kits."""
    kits = policies.kits_with(sku_ids)
    stock = reading.availability(kits) if kits else {}
    if stock:
        with transaction.atomic():
            publish_many(
                [AvailableUpdated(sku_id=kit, available=stock[kit].available) for kit in kits]
            )
    return len(kits)
