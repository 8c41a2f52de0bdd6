"""What the shipping room announces. All of an order's events have the order as their key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.events.registry import event


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitToSend:
    """Units of an order line."""

    line_id: UUID
    sku_id: UUID
    sku_code: str
    seller: str
    quantity: int


@event("ecommerce.shipping.fulfillment.requested.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfillmentRequested:
    """A paid order waits for the warehouse."""

    fulfillment_id: UUID
    order_id: UUID
    merchant: str
    location: str
    lines: tuple[UnitToSend, ...]


@event("ecommerce.shipping.fulfillment.allocated.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfillmentAllocated:
    """A location has taken the order and picks it: it cannot be canceled any more."""

    fulfillment_id: UUID
    order_id: UUID
    location: str
    lines: tuple[UnitToSend, ...]


@event("ecommerce.shipping.fulfillment.shipment_created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfillmentShipmentCreated:
    """The order has a parcel."""

    fulfillment_id: UUID
    order_id: UUID
    shipment_id: UUID


@event("ecommerce.shipping.fulfillment.shipped.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfillmentShipped:
    """Everything of the order has left the house."""

    fulfillment_id: UUID
    order_id: UUID
    shipment_id: UUID
    location: str
    lines: tuple[UnitToSend, ...]
    requested_at: datetime
    shipped_at: datetime


@event("ecommerce.shipping.fulfillment.failed.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class FulfillmentFailed:
    """The warehouse will not send the order after all."""

    fulfillment_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentFacts:
    """What every event of a parcel carries."""

    shipment_id: UUID
    fulfillment_id: UUID
    order_id: UUID
    carrier: str
    service: str
    status: str
    tracking_number: str | None
    occurred_at: datetime


@event("ecommerce.shipping.shipment.created.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentCreated(ShipmentFacts):
    """A parcel is ready to be booked."""


@event("ecommerce.shipping.shipment.booked.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentBooked(ShipmentFacts):
    """The carrier takes the parcel and gave it a number."""


@event("ecommerce.shipping.shipment.in_transit.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentInTransit(ShipmentFacts):
    """The carrier moves the parcel."""


@event("ecommerce.shipping.shipment.delivered.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentDelivered(ShipmentFacts):
    """The parcel arrived."""


@event("ecommerce.shipping.shipment.exception.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentException(ShipmentFacts):
    """Something is in the parcel's way."""


@event("ecommerce.shipping.label.generated.v1", key="order_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class LabelGenerated:
    """There is a label to print."""

    shipment_id: UUID
    order_id: UUID
    carrier: str
    tracking_number: str
    label_format: str


@event("ecommerce.shipping.tracking.event_received.v1", key="tracking_number")
@dataclass(frozen=True, kw_only=True, slots=True)
class TrackingEventReceived:
    """A carrier told of a parcel."""

    carrier: str
    carrier_event_id: str
    tracking_number: str
    status: str
    occurred_at: datetime
    shipment_id: UUID | None
    order_id: UUID | None
