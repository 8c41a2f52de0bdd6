"""Shipping over HTTP."""

from apps.shipping.rest.views.fulfilments import (
    CancelFulfilmentView,
    FulfilmentOfOrderView,
    FulfilmentsView,
    FulfilmentView,
    PackView,
    PickView,
    ShipView,
)
from apps.shipping.rest.views.shipments import (
    LabelsView,
    LabelView,
    RatesView,
    ShipmentsView,
    ShipmentView,
)
from apps.shipping.rest.views.tracking import (
    ShipmentOfNumberView,
    TrackingView,
    TrackingWebhookView,
)

__all__ = [
    "CancelFulfilmentView",
    "FulfilmentOfOrderView",
    "FulfilmentView",
    "FulfilmentsView",
    "LabelView",
    "LabelsView",
    "PackView",
    "PickView",
    "RatesView",
    "ShipView",
    "ShipmentOfNumberView",
    "ShipmentView",
    "ShipmentsView",
    "TrackingView",
    "TrackingWebhookView",
]
