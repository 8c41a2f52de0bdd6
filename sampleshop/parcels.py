"""How far the parcel of a past order has come by now."""

from datetime import datetime, timedelta

from apps.orders import services as orders
from apps.orders.types import Order
from apps.shipping import services as shipping
from apps.shipping.types import CarrierEvent, RequestedLine, RequestFulfilment
from ecommerce.identity import SYSTEM

CARRIER = "parcel-post"
PICKED, PACKED, SHIPPED, MOVING, DELIVERED = (
    timedelta(hours=hours) for hours in (8, 20, 32, 40, 80)
)


def send(order: Order, *, number: int, paid_at: datetime, now: datetime) -> None:
    """Ask the warehouse and take every step whose time has come."""
    age = now - paid_at
    fulfilment = shipping.request_fulfilment(_request(order, paid_at))
    if age >= PICKED:
        shipping.start_picking(fulfillment_id=fulfilment, viewer=SYSTEM, now=paid_at + PICKED)
    if age >= PACKED:
        shipping.finish_packing(fulfillment_id=fulfilment, viewer=SYSTEM, now=paid_at + PACKED)
    if age >= SHIPPED:
        at = paid_at + SHIPPED
        tracking = f"PP{number:08d}"
        shipping.ship_by_hand(
            fulfillment_id=fulfilment,
            carrier=CARRIER,
            tracking_number=tracking,
            viewer=SYSTEM,
            now=at,
        )
        orders.mark_fulfilled(order_id=order.id, now=at)
        _track(order, tracking, paid_at, now=now)


def _track(order: Order, tracking: str, paid_at: datetime, *, now: datetime) -> None:
    sightings = (
        ("picked_up", SHIPPED, "Handed over"),
        ("in_transit", MOVING, "On its way"),
        ("delivered", DELIVERED, "Delivered"),
    )
    for sequence, (status, after, description) in enumerate(sightings):
        at = paid_at + after
        if at > now:
            return
        event = CarrierEvent(
            event_id=f"{tracking}-{sequence}",
            tracking_number=tracking,
            status=status,
            occurred_at=at,
            sequence=sequence,
            description=description,
        )
        shipping.record_event(carrier=CARRIER, event=event, now=at)
    orders.complete_order(order_id=order.id, now=paid_at + DELIVERED)


def _request(order: Order, paid_at: datetime) -> RequestFulfilment:
    return RequestFulfilment(
        requested_at=paid_at,
        order_id=order.id,
        order_number=order.number,
        merchant=order.merchant,
        shipping_method=order.shipping_method,
        currency=order.currency,
        lines=tuple(
            RequestedLine(
                line_id=line.id,
                sku_id=line.sku_id,
                sku_code=line.sku_code,
                seller=line.seller,
                quantity=line.quantity,
            )
            for line in order.lines
        ),
    )
