"""What carriers tell: kept once, understood in any order."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import services as orders
from apps.shipping import queries
from apps.shipping.domain.tracking import ShipmentStatus, Sighting, meaning_of, status_after
from apps.shipping.domain.transitions import FulfilmentState
from apps.shipping.errors import ShipmentNotFound, TrackingNotFound
from apps.shipping.events import (
    ShipmentDelivered,
    ShipmentException,
    ShipmentFacts,
    ShipmentInTransit,
    TrackingEventReceived,
)
from apps.shipping.gateways import carrier_named
from apps.shipping.models import Fulfilment as FulfilmentRow
from apps.shipping.models import Shipment as ShipmentRow
from apps.shipping.models import TrackingEvent as EventRow
from apps.shipping.services._shape import news_of, shipment_of
from apps.shipping.types import CarrierEvent, Shipment, Tracking, TrackingEvent
from ecommerce.events import publish
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

_NEWS: dict[ShipmentStatus, type[ShipmentFacts]] = {
    ShipmentStatus.IN_TRANSIT: ShipmentInTransit,
    ShipmentStatus.OUT_FOR_DELIVERY: ShipmentInTransit,
    ShipmentStatus.DELIVERED: ShipmentDelivered,
    ShipmentStatus.EXCEPTION: ShipmentException,
}
_MOVING = {ShipmentStatus.IN_TRANSIT, ShipmentStatus.OUT_FOR_DELIVERY}


def receive_webhook(*, carrier: str, body: bytes, headers: dict[str, str], now: datetime) -> bool:
    """Take in a carrier's message; False where it was here before.

    Raises WebhookRefused unless the carrier signed it lately, CarrierUnknown.
    """
    event = carrier_named(carrier).read_webhook(body=body, headers=headers, now=now)
    return record_event(carrier=carrier, event=event, now=now)


@transaction.atomic
def record_event(*, carrier: str, event: CarrierEvent, now: datetime) -> bool:
    """Keep the message and move the parcel to where all messages so far say it is.

    A message that was here before changes nothing (False). One about a number that we do not know yet
    waits until its parcel is handed over.
    """
    row = _row(carrier, event, now)
    EventRow.objects.bulk_create([row], ignore_conflicts=True)
    if not EventRow.objects.filter(id=row.id).exists():
        return False
    shipment = (
        ShipmentRow.objects.select_for_update()
        .filter(carrier=carrier, tracking_number=event.tracking_number)
        .first()
    )
    publish(_received(carrier, event, shipment))
    if shipment is not None:
        catch_up(shipment, now)
    return True


def catch_up(shipment: ShipmentRow, now: datetime) -> None:
    """Move a locked parcel to where its messages say it is, and tell if that is news.

    Until it was handed over its messages wait: an order is not delivered before it is shipped.
    """
    if shipment.shipped_at is None:
        return
    sightings = [
        Sighting(status=meaning, occurred_at=event.occurred_at, sequence=event.sequence)
        for event in queries.timeline(shipment.carrier, shipment.tracking_number or "")
        if (meaning := meaning_of(event.status)) is not None
    ]
    status = status_after(sightings)
    if status is None or status == shipment.status or status == ShipmentStatus.BOOKED:
        return
    before, shipment.status = shipment.status, status.value
    if status == ShipmentStatus.DELIVERED:
        shipment.delivered_at = max(s.occurred_at for s in sightings if s.status == status)
        _deliver(shipment.fulfilment_id, now)
    shipment.version += 1
    shipment.save(update_fields=["status", "delivered_at", "version"])
    if not (before in _MOVING and status in _MOVING):
        publish(news_of(_NEWS[status], shipment, at=now))


def track(*, tracking_number: str) -> Tracking:
    """Where the parcel is, for anyone who has its number; nothing about a person. Two statements."""
    shipment = _numbered(tracking_number)
    return Tracking(
        tracking_number=tracking_number,
        carrier=shipment.carrier,
        status=shipment.status,
        estimated_delivery=shipment.estimated_delivery,
        delivered_at=shipment.delivered_at,
        events=tuple(
            TrackingEvent(
                status=event.status, description=event.description, occurred_at=event.occurred_at
            )
            for event in queries.timeline(shipment.carrier, tracking_number)
        ),
    )


def get_shipment(*, shipment_id: UUID, viewer: Viewer) -> Shipment:
    """The parcel, for the back office and for whoever may see its order."""
    row = queries.shipments().filter(id=shipment_id).first()
    seen = _is_seen(row, viewer)
    if row is None or not seen:
        raise ShipmentNotFound
    return shipment_of(row)


def shipment_of_number(*, tracking_number: str, viewer: Viewer) -> Shipment:
    """The parcel of that number, for the back office and for whoever may see its order."""
    row = queries.shipments().filter(tracking_number=tracking_number).first()
    seen = _is_seen(row, viewer)
    if row is None or not seen:
        raise TrackingNotFound
    return shipment_of(row)


def _is_seen(row: ShipmentRow | None, viewer: Viewer) -> bool:
    """Asked even where there is none, so that the time does not tell."""
    return orders.may_see_order(order_id=row.order_id if row else new_id(), viewer=viewer)


def _numbered(tracking_number: str) -> ShipmentRow:
    row = queries.shipments().filter(tracking_number=tracking_number).first()
    if row is None:
        raise TrackingNotFound
    return row


def _deliver(fulfilment_id: UUID, now: datetime) -> None:
    FulfilmentRow.objects.filter(id=fulfilment_id, state=FulfilmentState.SHIPPED).update(
        state=FulfilmentState.DELIVERED, updated_at=now
    )


def _row(carrier: str, event: CarrierEvent, now: datetime) -> EventRow:
    return EventRow(
        id=new_id(),
        carrier=carrier,
        event_id=event.event_id[:120],
        tracking_number=event.tracking_number[:64],
        status=event.status[:40],
        description=event.description[:300],
        occurred_at=event.occurred_at,
        sequence=event.sequence,
        received_at=now,
    )


def _received(
    carrier: str, event: CarrierEvent, shipment: ShipmentRow | None
) -> TrackingEventReceived:
    return TrackingEventReceived(
        carrier=carrier,
        carrier_event_id=event.event_id,
        tracking_number=event.tracking_number,
        status=event.status,
        occurred_at=event.occurred_at,
        shipment_id=shipment.id if shipment else None,
        order_id=shipment.order_id if shipment else None,
    )
