"""What every carrier can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.shipping.types import CarrierEvent, Parcel


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where a parcel goes. Personal data: it is handed to the carrier and kept nowhere here."""

    name: str
    company: str
    line1: str
    line2: str
    city: str
    postal_code: str
    region: str
    country: str
    phone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """Take these parcels there. ``key`` makes a repeat harmless: one label, however often it is asked."""

    key: UUID
    reference: str
    service: str
    parcels: tuple[Parcel, ...]
    destination: Destination


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """The carrier's promise, and the label to stick on."""

    tracking_number: str
    label_format: str
    label: bytes
    estimated_delivery: datetime | None


class Carrier(Protocol):
    """One carrier."""

    def book(self, booking: Booking) -> Booked:
        """Buy a label. Raises BookingRefused for good, CarrierUnavailable where nobody knows."""

    def read_webhook(self, *, body: bytes, headers: dict[str, str], now: datetime) -> CarrierEvent:
        """The message of a webhook, or WebhookRefused unless the carrier signed it lately."""
