"""From a packed box to a parcel on its way. The carrier is asked outside of any transaction."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.catalog import services as catalog
from apps.inventory import services as inventory
from apps.inventory.types import StockLine
from apps.orders import services as orders
from apps.shipping import queries
from apps.shipping.domain.parcels import parcel_weight, weight_of
from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.domain.transitions import FulfilmentState
from apps.shipping.errors import AlreadyRequested, LabelBought, StepRefused
from apps.shipping.events import (
    FulfillmentShipmentCreated,
    FulfillmentShipped,
    ShipmentBooked,
    ShipmentCreated,
)
from apps.shipping.models import Fulfilment as FulfilmentRow
from apps.shipping.models import Shipment as ShipmentRow
from apps.shipping.services._label import buy_label
from apps.shipping.services._shape import fulfilment_of, news_of, shipment_of, units_of
from apps.shipping.services._track import catch_up
from apps.shipping.services._work import advance, locked, note_refunded
from apps.shipping.types import CreateShipment, Fulfilment, Parcel, Shipment
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer


@transaction.atomic
def create_shipment(command: CreateShipment, *, viewer: Viewer, now: datetime) -> Shipment:
    """Prepare the parcel of a fulfilment that is being picked or is packed. No label is bought yet.

    Raises StepRefused before and after, AlreadyRequested where it has a parcel.
    """
    row = locked(command.fulfillment_id, viewer)
    if _live_shipment(row) is not None:
        raise AlreadyRequested("The fulfilment has a shipment already.")
    return shipment_of(_create(row, command, now))


def ship_fulfilment(
    *, fulfillment_id: UUID, viewer: Viewer, now: datetime, also_if_refunded: bool = False
) -> Fulfilment:
    """Buy the label where that is still to be done, and hand the parcel over: PACKED → SHIPPED.

    The goods leave the stock in the same transaction. Each part may be repeated: one label, one
    movement of stock. Raises StepRefused unless it is packed, the orders room's OrderRefunded,
    CarrierUnavailable or BookingRefused.
    """
    shipment = _parcel_to_ship(fulfillment_id, viewer, now, also_if_refunded=also_if_refunded)
    buy_label(shipment_id=shipment.id, viewer=viewer, now=now)
    return _hand_over(fulfillment_id, viewer, now, also_if_refunded=also_if_refunded)


@transaction.atomic
def ship_by_hand(
    *, fulfillment_id: UUID, carrier: str, tracking_number: str, viewer: Viewer, now: datetime,
    also_if_refunded: bool = False,
) -> Fulfilment:  # fmt: skip
    """PACKED → SHIPPED under a number that a carrier gave elsewhere; nobody is asked for a label.

    The goods leave the stock in the same transaction. A repeat changes nothing. Raises StepRefused
    unless it is packed, OrderRefunded, LabelBought where a carrier was asked already.
    """
    shipment = _parcel_to_ship(fulfillment_id, viewer, now, also_if_refunded=also_if_refunded)
    if shipment.status == ShipmentStatus.CREATED:
        shipment.carrier, shipment.tracking_number = carrier, tracking_number
        shipment.status, shipment.booked_at = ShipmentStatus.BOOKED.value, now
        shipment.version += 1
        shipment.save()
        publish(news_of(ShipmentBooked, shipment, at=now))
    elif (shipment.carrier, shipment.tracking_number) != (carrier, tracking_number):
        raise LabelBought("A carrier was asked already.", shipment_id=str(shipment.id))
    return _hand_over(fulfillment_id, viewer, now, also_if_refunded=also_if_refunded)


@transaction.atomic
def _parcel_to_ship(
    fulfillment_id: UUID, viewer: Viewer, now: datetime, *, also_if_refunded: bool
) -> ShipmentRow:
    row = locked(fulfillment_id, viewer)
    live = _live_shipment(row)
    if row.state not in {FulfilmentState.PACKED, FulfilmentState.SHIPPED}:
        raise StepRefused(f"Only what is packed is shipped; this is {row.state}.", state=row.state)
    if row.state == FulfilmentState.PACKED:
        orders.clear_to_ship(order_id=row.order_id, also_if_refunded=also_if_refunded)
    return live or _create(row, CreateShipment(fulfillment_id=row.id), now)


@transaction.atomic
def _hand_over(
    fulfillment_id: UUID, viewer: Viewer, now: datetime, *, also_if_refunded: bool
) -> Fulfilment:
    row = locked(fulfillment_id, viewer)
    if row.state != FulfilmentState.SHIPPED:
        order = orders.clear_to_ship(order_id=row.order_id, also_if_refunded=also_if_refunded)
        advance(row, FulfilmentState.SHIPPED, now)
        note_refunded(row, order, viewer)
        shipment = _live_shipment(row)
        assert shipment is not None  # noqa: S101  # its label was bought
        shipment.shipped_at = now
        shipment.save(update_fields=["shipped_at"])
        publish(_shipped(row, shipment.id, now))
        inventory.ship_stock(
            order_id=row.order_id,
            lines=[
                StockLine(sku_id=line.sku_id, quantity=line.quantity) for line in row.lines.all()
            ],
            reference=str(shipment.id),
        )
        catch_up(shipment, now)
    return fulfilment_of(queries.fulfilments().get(id=row.id))


def _shipped(row: FulfilmentRow, shipment_id: UUID, now: datetime) -> FulfillmentShipped:
    return FulfillmentShipped(
        fulfillment_id=row.id,
        order_id=row.order_id,
        shipment_id=shipment_id,
        location=row.location,
        lines=units_of(row.lines.all()),
        requested_at=row.requested_at,
        shipped_at=now,
    )


def _live_shipment(row: FulfilmentRow) -> ShipmentRow | None:
    return next((s for s in row.shipments.all() if s.status != ShipmentStatus.CANCELED), None)


def _create(row: FulfilmentRow, command: CreateShipment, now: datetime) -> ShipmentRow:
    if row.state not in {FulfilmentState.PICKING, FulfilmentState.PACKED}:
        raise StepRefused(
            f"A parcel is made while picking or packed, not {row.state}.", state=row.state
        )
    shipment = ShipmentRow.objects.create(
        fulfilment=row,
        order_id=row.order_id,
        carrier=row.carrier,
        service=command.service or row.service,
        parcels=[asdict(parcel) for parcel in command.parcels or (_parcel(row),)],
        created_at=now,
    )
    publish_many(
        [
            FulfillmentShipmentCreated(
                fulfillment_id=row.id, order_id=row.order_id, shipment_id=shipment.id
            ),
            news_of(ShipmentCreated, shipment, at=now),
        ]
    )
    return shipment


def _parcel(row: FulfilmentRow) -> Parcel:
    lines = row.lines.all()
    skus = catalog.find_skus(ids=[line.sku_id for line in lines])
    weights = (
        (skus[line.sku_id].weight_grams if line.sku_id in skus else None, line.quantity)
        for line in lines
    )
    return Parcel(weight_grams=parcel_weight(weight_of(weights)))
