"""Buying a label: a note that we ask, the question, a note of the answer. A retry never buys two."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import services as orders
from apps.orders.types import Order
from apps.shipping import queries
from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.errors import BookingRefused, CarrierUnavailable, LabelNotFound, ShipmentNotFound
from apps.shipping.events import LabelGenerated, ShipmentBooked
from apps.shipping.gateways import Booked, Booking, Destination, carrier_named
from apps.shipping.models import Label as LabelRow
from apps.shipping.models import Shipment as ShipmentRow
from apps.shipping.services._shape import news_of, shipment_of
from apps.shipping.types import Label, Parcel, Shipment
from ecommerce.errors import Forbidden
from ecommerce.events import publish_many
from ecommerce.identity import OPERATOR, SYSTEM, Viewer


def buy_label(*, shipment_id: UUID, viewer: Viewer, now: datetime) -> Shipment:
    """Have the carrier take the parcel: CREATED → BOOKING → BOOKED. Repeat it as often as you like.

    The shipment's id is the carrier's idempotency key, so neither a retry nor two callers at once buy
    two labels. Where the carrier does not answer, the shipment stays BOOKING, a worker asks again
    later, and CarrierUnavailable is raised. BookingRefused is for good: it is CREATED again.
    """
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    asked = _note_question(shipment_id, now)
    if asked.status != ShipmentStatus.BOOKING:
        return shipment_of(asked)
    try:
        booked = _ask(asked)
    except BookingRefused as refusal:
        _note_failure(shipment_id, refusal.detail, refused=True)
        raise
    except CarrierUnavailable as silence:
        _note_failure(shipment_id, silence.detail, refused=False)
        raise
    return _note_answer(shipment_id, booked, now)


def get_label(*, shipment_id: UUID, viewer: Viewer) -> Label:
    """The label to print. For operators only: it names the addressee."""
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    row = LabelRow.objects.select_related("shipment").filter(shipment_id=shipment_id).first()
    if row is None:
        raise LabelNotFound
    return Label(
        shipment_id=shipment_id,
        tracking_number=row.shipment.tracking_number or "",
        format=row.format,
        content=bytes(row.content),
    )


def resume_bookings(*, now: datetime, limit: int = 20) -> int:
    """Ask the carriers again whose answer never came; how many labels that brought."""
    bought = 0
    for shipment_id in queries.due_bookings(now=now, limit=limit):
        try:
            buy_label(shipment_id=shipment_id, viewer=SYSTEM, now=now)
        except (CarrierUnavailable, BookingRefused):
            continue
        bought += 1
    return bought


@transaction.atomic(durable=True)
def _note_question(shipment_id: UUID, now: datetime) -> ShipmentRow:
    """On record before we ask. ``durable`` refuses to run within a transaction, which the network would hold open."""
    row = _locked(shipment_id)
    if row.status in {ShipmentStatus.CREATED, ShipmentStatus.BOOKING}:
        row.status = ShipmentStatus.BOOKING.value
        row.next_booking_at = queries.next_booking(now, row.booking_attempts)
        row.booking_attempts += 1
        row.version += 1
        row.save(update_fields=["status", "next_booking_at", "booking_attempts", "version"])
    return row


def _ask(row: ShipmentRow) -> Booked:
    order = orders.get_order(order_id=row.order_id, viewer=SYSTEM)
    return carrier_named(row.carrier).book(
        Booking(
            key=row.id,
            reference=order.number,
            service=row.service,
            parcels=tuple(Parcel(**parcel) for parcel in row.parcels),
            destination=_destination(order),
        )
    )


@transaction.atomic
def _note_answer(shipment_id: UUID, booked: Booked, now: datetime) -> Shipment:
    row = _locked(shipment_id)
    if row.status != ShipmentStatus.BOOKING:
        return shipment_of(row)
    row.status = ShipmentStatus.BOOKED.value
    row.tracking_number = booked.tracking_number
    row.estimated_delivery = booked.estimated_delivery
    row.booked_at = now
    row.next_booking_at = None
    row.last_error = ""
    row.version += 1
    row.save()
    LabelRow.objects.create(
        shipment=row, format=booked.label_format, content=booked.label, created_at=now
    )
    publish_many([news_of(ShipmentBooked, row, at=now), _label_news(row, booked)])
    return shipment_of(row)


def _label_news(row: ShipmentRow, booked: Booked) -> LabelGenerated:
    return LabelGenerated(
        shipment_id=row.id,
        order_id=row.order_id,
        carrier=row.carrier,
        tracking_number=booked.tracking_number,
        label_format=booked.label_format,
    )


@transaction.atomic
def _note_failure(shipment_id: UUID, detail: str, *, refused: bool) -> None:
    row = _locked(shipment_id)
    if row.status == ShipmentStatus.BOOKING:
        row.last_error = detail[:300]
        if refused:
            row.status, row.next_booking_at = ShipmentStatus.CREATED.value, None
        row.save(update_fields=["last_error", "status", "next_booking_at"])


def _locked(shipment_id: UUID) -> ShipmentRow:
    row = ShipmentRow.objects.select_for_update().filter(id=shipment_id).first()
    if row is None:
        raise ShipmentNotFound
    return row


def _destination(order: Order) -> Destination:
    address = order.shipping_address
    if address is None:
        raise BookingRefused("The order's address was erased.")
    return Destination(
        name=address.name,
        company=address.company,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        postal_code=address.postal_code,
        region=address.region,
        country=address.country,
        phone=address.phone,
    )
