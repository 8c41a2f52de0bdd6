"""What deliveries that are announced still bring, as their levels expect it."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Sum

from apps.inventory.domain.purchasing import INBOUND_OPEN, RECEIVABLE, InboundState
from apps.inventory.models import Inbound, IncomingChange, PurchaseOrder
from apps.inventory.queries import incoming
from apps.inventory.queries import purchasing as queries
from apps.inventory.queries.warehouse import open_task_of
from ecommerce.dimensions import SELLER


def hold_levels(inbound: Inbound, arriving: Collection[UUID] = ()) -> None:
    """Lock every level that work on the delivery may touch, in the one order of locks.

    Those of its order's other deliveries are among them, since the order may end by it: its head is locked.
    """
    skus = {*arriving, *queries.inbound_lines(inbound)}
    if inbound.order_id is not None:
        skus |= queries.expected_skus(inbound.order_id)
    incoming.hold(sorted(skus), inbound.location_id, SELLER)


def end_deliveries(order: PurchaseOrder) -> None:
    """A locked order has ended: what was announced of it is off.

    What is being unloaded, or announced to a warehouse, is received if it comes all the same, and no
    level expects it.
    """
    incoming.hold(sorted(queries.expected_skus(order.id)), order.location_id, SELLER)
    for inbound in queries.open_inbounds(order.id):
        inbound.order = order
        if inbound.state == InboundState.EXPECTED and open_task_of(inbound.id) is None:
            inbound.state = InboundState.CANCELLED
            inbound.save(update_fields=["state"])
        expect_rest(inbound)


def expect_rest(
    inbound: Inbound, arriving: Counter[UUID] | None = None, *, final: bool = False
) -> None:
    """Have the levels expect what is still to come of a delivery whose head is locked.

    That is nothing once it is over, or its order is.

    ``arriving`` are units by SKU that are about to be booked, the levels being held.
    """
    came = arriving or Counter[UUID]()
    lines = queries.inbound_lines(inbound)
    left = {
        sku_id: max(0, line.expected - line.received - line.damaged - came[sku_id])
        for sku_id, line in lines.items()
    }
    over = inbound.order is not None and inbound.order.state not in RECEIVABLE
    if final or over or inbound.state not in INBOUND_OPEN:
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
