"""Purchase orders and deliveries by their ids."""

from uuid import UUID

from apps.inventory.errors import NoInbound, NoPurchaseOrder
from apps.inventory.models import PurchaseOrder as OrderRow
from apps.inventory.queries import purchasing as queries
from apps.inventory.types import Inbound, PurchaseOrder


def get_purchase_order(*, order_id: UUID) -> PurchaseOrder:
    """A purchase order. Raises NoPurchaseOrder."""
    return view_of_order(order_id)


def get_inbound(*, inbound_id: UUID) -> Inbound:
    """A delivery with its differences. Raises NoInbound."""
    return view_of_inbound(inbound_id)


def order_row(order_id: UUID) -> OrderRow:
    """An order, nobody else's until the transaction ends. Raises NoPurchaseOrder."""
    row = queries.locked_order(order_id)
    if row is None:
        raise NoPurchaseOrder(f"no purchase order {order_id}")
    return row


def view_of_order(order_id: UUID) -> PurchaseOrder:
    """An order as callers see it. Raises NoPurchaseOrder."""
    row = queries.orders().filter(id=order_id).first()
    if row is None:
        raise NoPurchaseOrder(f"no purchase order {order_id}")
    return queries.order_view(row)


def view_of_inbound(inbound_id: UUID) -> Inbound:
    """A delivery as callers see it. Raises NoInbound."""
    row = queries.inbounds().filter(id=inbound_id).first()
    if row is None:
        raise NoInbound(f"no delivery {inbound_id}")
    return queries.inbound_view(row)
