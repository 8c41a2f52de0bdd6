"""What the warehouse does when orders move."""

from collections.abc import Sequence
from datetime import datetime

from apps.orders.events import OrderCanceled, OrderPaid
from apps.shipping import services
from apps.shipping.events import FulfillmentRequested
from apps.shipping.types import RequestedLine, RequestFulfilment
from ecommerce.events import Envelope, consumer, publish, told_together

PAID = "ecommerce.orders.order.paid.v1"
CANCELED = "ecommerce.orders.order.canceled.v1"


@consumer("shipping.follow_orders", PAID, CANCELED)
def follow_orders(events: Sequence[Envelope]) -> None:
    """A paid order is asked of the warehouse, a canceled one is called off."""
    requested = _open_fulfilments([event for event in events if event.event_type == PAID])
    with told_together():
        for event in events:
            if event.event_type == CANCELED:
                _drop(event)
            elif news := requested.pop(event.partition_key, None):
                publish(news)


def _drop(event: Envelope) -> None:
    order = event.read(OrderCanceled)
    services.drop_fulfilment_of(order_id=order.order_id, reason=order.reason, now=event.occurred_at)


def _open_fulfilments(paid: Sequence[Envelope]) -> dict[str, FulfillmentRequested]:
    if not paid:
        return {}
    asked = [_request(event.read(OrderPaid), event.occurred_at) for event in paid]
    waiting = services.waiting_orders(order_ids=[one.order_id for one in asked])
    requested = services.open_fulfilments([one for one in asked if one.order_id in waiting])
    return {str(order_id): news for order_id, news in requested.items()}


def _request(order: OrderPaid, paid_at: datetime) -> RequestFulfilment:
    return RequestFulfilment(
        requested_at=paid_at,
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
    )
