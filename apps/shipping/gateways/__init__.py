"""Carriers, each behind the same small door."""

from apps.shipping.gateways.carrier import Booked, Booking, Carrier, Destination
from apps.shipping.gateways.connected import carrier_named

__all__ = ["Booked", "Booking", "Carrier", "Destination", "carrier_named"]
