"""Looking at the warehouse's work."""

from uuid import UUID

from apps.orders import services as orders
from apps.shipping import queries
from apps.shipping.domain.transitions import FulfilmentState
from apps.shipping.errors import FulfilmentNotFound
from apps.shipping.services._shape import fulfilment_of
from apps.shipping.types import Fulfilment
from ecommerce.identity import Viewer


def get_fulfilment(*, fulfillment_id: UUID, viewer: Viewer) -> Fulfilment:
    """The fulfilment, for the back office and for whoever may see its order."""
    order_id = queries.order_of_fulfilment(fulfillment_id)
    # Asked even where there is none, so that the time does not tell.
    seen = orders.may_see_order(order_id=order_id or fulfillment_id, viewer=viewer)
    if order_id is None or not seen:
        raise FulfilmentNotFound
    return fulfilment_of(queries.fulfilments().get(id=fulfillment_id))


def fulfilment_of_order(*, order_id: UUID, viewer: Viewer) -> Fulfilment:
    """The order's present fulfilment (or the last, if canceled), for whoever may see the order."""
    orders.get_order(order_id=order_id, viewer=viewer)
    rows = queries.fulfilments().filter(order_id=order_id).order_by("requested_at")
    found = sorted(rows, key=lambda row: row.state != FulfilmentState.CANCELED)
    if not found:
        raise FulfilmentNotFound
    return fulfilment_of(found[-1])
