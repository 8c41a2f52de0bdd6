"""What goes into the shipping room and what comes out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ecommerce.dimensions import CURRENCY, MERCHANT


@dataclass(frozen=True, kw_only=True, slots=True)
class WeightBand:
    """A parcel of up to so many grams costs so much, in minor units of the method's currency."""

    max_weight_grams: int
    price_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveShippingMethod:
    """A way of sending and its prices. ``countries`` and ``channels`` empty mean all of them."""

    code: str
    name: str
    bands: tuple[WeightBand, ...]
    currency: str = CURRENCY
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    carrier: str = "sandbox"
    service: str = "standard"
    min_days: int = 2
    max_days: int = 5
    position: int = 0
    active: bool = True
    merchant: str = MERCHANT


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingOption:
    """A way of sending this parcel there, and what it costs in minor units."""

    code: str
    name: str
    amount_minor: int
    currency: str
    min_days: int
    max_days: int
    carrier: str = "sandbox"
    service: str = "standard"


@dataclass(frozen=True, kw_only=True, slots=True)
class RateItem:
    """So many of a SKU in the parcel."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedLine:
    """Units of an order line that the warehouse is to send."""

    line_id: UUID
    sku_id: UUID
    sku_code: str
    seller: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestFulfilment:
    """Ask the warehouse to send a paid order."""

    order_id: UUID
    requested_at: datetime
    order_number: str
    merchant: str
    shipping_method: str
    currency: str
    lines: tuple[RequestedLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A box: its weight in grams, its sides in millimetres where they are known."""

    weight_grams: int
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackingEvent:
    """One thing that the carrier says happened to a parcel."""

    status: str
    description: str
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Shipment:
    """A parcel on its way."""

    id: UUID
    fulfillment_id: UUID
    order_id: UUID
    carrier: str
    service: str
    status: str
    parcels: tuple[Parcel, ...]
    tracking_number: str | None
    label_format: str | None
    estimated_delivery: datetime | None
    booking_attempts: int
    last_error: str
    version: int
    created_at: datetime
    booked_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FulfilmentLine:
    """What is to be picked."""

    line_id: UUID
    sku_id: UUID
    sku_code: str
    seller: str
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fulfilment:
    """The warehouse's work on one order."""

    id: UUID
    order_id: UUID
    order_number: str
    state: str
    location: str
    shipping_method: str
    carrier: str
    service: str
    version: int
    requested_at: datetime
    updated_at: datetime
    cancel_reason: str
    lines: tuple[FulfilmentLine, ...]
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracking:
    """What anyone who has the number may know of a parcel: nothing about a person."""

    tracking_number: str
    carrier: str
    status: str
    estimated_delivery: datetime | None
    delivered_at: datetime | None
    events: tuple[TrackingEvent, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierEvent:
    """A message of a carrier about a parcel, as its webhook brings it."""

    event_id: str
    tracking_number: str
    status: str
    occurred_at: datetime
    sequence: int = 0
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateShipment:
    """Prepare a parcel of a fulfilment. Without parcels one is made from the weights of its lines."""

    fulfillment_id: UUID
    parcels: tuple[Parcel, ...] = field(default=())
    service: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label that can be printed."""

    shipment_id: UUID
    tracking_number: str
    format: str
    content: bytes
