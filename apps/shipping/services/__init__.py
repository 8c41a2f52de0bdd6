"""What the shipping room does."""

from apps.shipping.services._label import buy_label, get_label, resume_bookings
from apps.shipping.services._rates import (
    goods_weight,
    quote_rates,
    save_shipping_method,
    shipping_options,
)
from apps.shipping.services._read import fulfilment_of_order, get_fulfilment
from apps.shipping.services._request import (
    create_fulfilment,
    open_fulfilments,
    request_fulfilment,
    waiting_orders,
)
from apps.shipping.services._ship import create_shipment, ship_by_hand, ship_fulfilment
from apps.shipping.services._track import (
    get_shipment,
    receive_webhook,
    record_event,
    shipment_of_number,
    track,
)
from apps.shipping.services._work import (
    cancel_fulfilment,
    drop_fulfilment_of,
    finish_packing,
    start_picking,
)

__all__ = [
    "buy_label",
    "cancel_fulfilment",
    "create_fulfilment",
    "create_shipment",
    "drop_fulfilment_of",
    "finish_packing",
    "fulfilment_of_order",
    "get_fulfilment",
    "get_label",
    "get_shipment",
    "goods_weight",
    "open_fulfilments",
    "quote_rates",
    "receive_webhook",
    "record_event",
    "request_fulfilment",
    "resume_bookings",
    "save_shipping_method",
    "ship_by_hand",
    "ship_fulfilment",
    "shipment_of_number",
    "shipping_options",
    "start_picking",
    "track",
    "waiting_orders",
]
