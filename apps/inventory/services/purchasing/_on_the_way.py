"""What deliveries that are announced still bring, as their levels expect it."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Sum

from apps.inventory.domain.purchasing import INBOUND_OPEN
from apps.inventory.models import Inbound, IncomingChange
from apps.inventory.queries import incoming
from apps.inventory.queries import purchasing as queries
from ecommerce.dimensions import SELLER


def hold_levels(inbound: Inbound, arriving: Collection[UUID]) -> None:
    """Lock every level that a receipt of the delivery may touch, in the one order of locks."""
    skus = {*arriving, *queries.inbound_lines(inbound)}
    incoming.hold(sorted(skus), inbound.location_id, SELLER)


def expect_rest(
    inbound: Inbound, arriving: Counter[UUID] | None = None, *, final: bool = False
) -> None:
    """Have the levels expect what is still to come of a delivery whose head is locked: nothing once it is over.

    ``arriving`` are units by SKU that are about to be booked, the levels being held.
    """
    came = arriving or Counter[UUID]()
    lines = queries.inbound_lines(inbound)
    left = {
        sku_id: max(0, line.expected - line.received - line.damaged - came[sku_id])
        for sku_id, line in lines.items()
    }
    if final or inbound.state not in INBOUND_OPEN:
        left = dict.fromkeys(left, 0)
    prefix = f"inbound:{inbound.id}:"
    told = {
        sku_id: (units, times)
        for sku_id, units, times in IncomingChange.objects.filter(reference__startswith=prefix)
        .values_list("sku_id")
        .annotate(units=Sum("delta"), times=Count("id"))
    }
    changes = []
    for sku_id, units in left.items():
        known, times = told.get(sku_id, (0, 0))
        if units != known:
            reference = f"{prefix}{sku_id}:{times}"
            changes.append((sku_id, inbound.location_id, SELLER, units - known, reference))
    if changes:
        incoming.change(changes)
