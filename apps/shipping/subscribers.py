"""What the warehouse does when orders move."""

from collections.abc import Sequence

from apps.orders.events import OrderCanceled, OrderPaid
from apps.shipping import services
from apps.shipping.types import RequestedLine, RequestFulfilment
from ecommerce.events import Envelope, consumer

PAID = "ecommerce.orders.order.paid.v1"
CANCELED = "ecommerce.orders.order.canceled.v1"


@consumer("shipping.follow_orders", PAID, CANCELED)
def follow_orders(events: Sequence[Envelope]) -> None:
    """A paid order is asked of the warehouse, a canceled one is called off."""
    paid = {event.event_id: event.read(OrderPaid) for event in events if event.event_type == PAID}
    waiting = services.waiting_orders(order_ids=[order.order_id for order in paid.values()])
    for event in events:
        order = paid.get(event.event_id)
        if order is None:
            _drop(event)
        elif order.order_id in waiting:
            _request(event, order)


def _drop(event: Envelope) -> None:
    order = event.read(OrderCanceled)
    services.drop_fulfilment_of(order_id=order.order_id, reason=order.reason, now=event.occurred_at)


def _request(event: Envelope, order: OrderPaid) -> None:
    services.request_fulfilment(
        RequestFulfilment(
            order_id=order.order_id,
            order_number=order.number,
            merchant=order.merchant,
            shipping_method=order.shipping_method,
            currency=order.currency,
            lines=tuple(
                RequestedLine(
                    line_id=line.line_id,
                    sku_id=line.sku_id,
                    sku_code=line.sku_code,
                    seller=line.seller,
                    quantity=line.quantity,
                )
                for line in order.lines
            ),
        ),
        now=event.occurred_at,
    )
