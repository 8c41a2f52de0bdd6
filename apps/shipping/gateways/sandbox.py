"""The sandbox carrier: our own server that books, prints labels and tells of parcels."""

import base64
import binascii
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from django.conf import settings

from apps.shipping.errors import (
    BookingRefused,
    CarrierUnavailable,
    UnreadableMessage,
    WebhookRefused,
)
from apps.shipping.gateways.carrier import Booked, Booking, Destination
from apps.shipping.types import CarrierEvent
from ecommerce.calling import Answer, NoAnswer, Patience, Peer
from ecommerce.signatures import holds

PATIENCE = Patience(connect_seconds=1.0, read_seconds=8.0, whole_seconds=11.0, body_bytes=5_000_000)


class _Label(msgspec.Struct):
    base64: str


class _Answer(msgspec.Struct, rename="camel"):
    tracking_number: str
    label: _Label
    estimated_delivery: datetime | None = None


class _Message(msgspec.Struct, rename="camel"):
    id: str
    tracking_number: str
    status: str
    occurred_at: datetime
    sequence: int = 0
    description: str = ""


class SandboxCarrier:
    """Speaks to ``SANDBOX_URL``."""

    def book(self, booking: Booking) -> Booked:
        """POST the parcels; the booking's key is the Idempotency-Key."""
        try:
            answer = _peer(settings.SANDBOX_URL).call(
                "POST",
                "/carrier/v1/shipments",
                body=msgspec.json.encode(_question(booking)),
                headers={
                    "Content-Type": "application/json",
                    "Idempotency-Key": str(booking.key),
                },
            )
        except NoAnswer as silence:
            raise CarrierUnavailable(f"The carrier did not answer: {silence}.") from silence
        if answer.status >= 500 or answer.status in {408, 409, 429}:
            raise CarrierUnavailable(f"The carrier answered {answer.status}.")
        if answer.status >= 400:
            raise BookingRefused(f"The carrier refused: {_why(answer)}")
        return _booked(answer)

    def read_webhook(self, *, body: bytes, headers: dict[str, str], now: datetime) -> CarrierEvent:
        """Signed in Sandbox-Signature by any of the comma-separated secrets."""
        kept = settings.CARRIER_WEBHOOK_SECRET or settings.PAYMENT_WEBHOOK_SECRET
        secrets = [secret for secret in kept.split(",") if secret]
        if not holds(body, headers.get("sandbox-signature", ""), secrets=secrets, now=now):
            raise WebhookRefused
        try:
            message = msgspec.json.decode(body, type=_Message)
        except msgspec.MsgspecError as error:
            raise UnreadableMessage(f"The message cannot be read: {error}") from error
        return CarrierEvent(
            event_id=message.id,
            tracking_number=message.tracking_number,
            status=message.status,
            occurred_at=message.occurred_at,
            sequence=message.sequence,
            description=message.description,
        )


@cache
def _peer(url: str) -> Peer:
    return Peer(url, PATIENCE, private=True)


def _question(booking: Booking) -> dict[str, Any]:
    return {
        "reference": booking.reference,
        "service": booking.service,
        "weightGrams": sum(parcel.weight_grams for parcel in booking.parcels),
        "sender": settings.SHIP_FROM,
        "recipient": _address(booking.destination),
    }


def _address(destination: Destination) -> dict[str, str]:
    return {_camel(name): value for name, value in asdict(destination).items() if value}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _booked(answer: Answer) -> Booked:
    try:
        body = msgspec.json.decode(answer.body, type=_Answer)
        label = base64.b64decode(body.label.base64, validate=True)
    except (msgspec.MsgspecError, binascii.Error) as error:
        raise CarrierUnavailable("The carrier's answer cannot be read.") from error
    return Booked(
        tracking_number=body.tracking_number,
        label_format="PDF",
        label=label,
        estimated_delivery=body.estimated_delivery,
    )


def _why(answer: Answer) -> str:
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.MsgspecError:
        return f"status {answer.status}"
    found = body if isinstance(body, dict) else {}
    return str(found.get("detail") or found.get("code") or f"status {answer.status}")[:200]
