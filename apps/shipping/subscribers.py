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
    for event in events:
        if event.event_type == PAID:
            _request(event)
        else:
            order = event.read(OrderCanceled)
            services.drop_fulfilment_of(
                order_id=order.order_id, reason=order.reason, now=event.occurred_at
            )


def _request(event: Envelope) -> None:
    order = event.read(OrderPaid)
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
