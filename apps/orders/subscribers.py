"""What orders learn from the warehouse, which stands above and is known by its events alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.orders import services
from ecommerce.events import Envelope, consumer

SHIPPED = "ecommerce.shipping.fulfillment.shipped.v1"
DELIVERED = "ecommerce.shipping.shipment.delivered.v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What is read of a shipping event."""

    order_id: UUID


@consumer("orders.follow_shipping", SHIPPED, DELIVERED)
def follow_shipping(events: Sequence[Envelope]) -> None:
    """Everything left the house: FULFILLED. Everything arrived: COMPLETED."""
    for event in events:
        order_id = event.read(Moved).order_id
        if event.event_type == SHIPPED:
            services.mark_fulfilled(order_id=order_id, now=event.occurred_at)
        else:
            services.complete_order(order_id=order_id, now=event.occurred_at)
