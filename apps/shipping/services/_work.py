"""The warehouse's steps: pick, pack, call off."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory import services as inventory
from apps.orders import services as orders
from apps.orders.types import Order
from apps.shipping import queries
from apps.shipping.domain.tracking import ShipmentStatus
from apps.shipping.domain.transitions import FulfilmentState, may_move
from apps.shipping.errors import FulfilmentNotFound, LabelBought, StepRefused
from apps.shipping.events import FulfillmentAllocated, FulfillmentFailed
from apps.shipping.models import Fulfilment as FulfilmentRow
from apps.shipping.services._shape import fulfilment_of, units_of
from apps.shipping.types import Fulfilment
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden
from ecommerce.events import publish
from ecommerce.identity import OPERATOR, Viewer


@transaction.atomic
def start_picking(
    *, fulfillment_id: UUID, viewer: Viewer, now: datetime, also_if_refunded: bool = False
) -> Fulfilment:
    """REQUESTED → PICKING. From here on the order cannot be canceled. A repeat changes nothing.

    Raises StepRefused out of turn, and the orders room's FulfilmentRefused where the customer was
    quicker to cancel, or OrderRefunded where all the money went back.
    """
    row = locked(fulfillment_id, viewer)
    if row.state == FulfilmentState.PICKING:
        return fulfilment_of(row)
    advance(row, FulfilmentState.PICKING, now)
    order = orders.begin_fulfilment(
        order_id=row.order_id, now=now, viewer=viewer, also_if_refunded=also_if_refunded
    )
    note_refunded(row, order, viewer)
    publish(
        FulfillmentAllocated(
            fulfillment_id=row.id,
            order_id=row.order_id,
            location=row.location,
            lines=units_of(row.lines.all()),
        )
    )
    return fulfilment_of(row)


@transaction.atomic
def finish_packing(*, fulfillment_id: UUID, viewer: Viewer, now: datetime) -> Fulfilment:
    """PICKING → PACKED. A repeat changes nothing."""
    row = locked(fulfillment_id, viewer)
    if row.state != FulfilmentState.PACKED:
        advance(row, FulfilmentState.PACKED, now)
        inventory.note_packed(order_id=row.order_id, now=now)
    return fulfilment_of(row)


@transaction.atomic
def cancel_fulfilment(
    *, fulfillment_id: UUID, reason: str, viewer: Viewer, now: datetime
) -> Fulfilment:
    """Put the goods back on the shelf; the order stays paid and may be canceled or asked for again.

    Raises StepRefused once it was shipped, LabelBought once the carrier was asked for a label.
    """
    row = locked(fulfillment_id, viewer)
    if row.state != FulfilmentState.CANCELED:
        begun = row.state != FulfilmentState.REQUESTED
        _call_off(row, reason, now)
        if begun:
            orders.abandon_fulfilment(order_id=row.order_id, now=now, viewer=viewer)
        record_audit(
            action="shipping.fulfillment.canceled",
            entity_type="fulfillment",
            entity_id=row.id,
            actor=viewer,
            changes={"order_id": str(row.order_id), "begun": begun},
        )
    return fulfilment_of(row)


@transaction.atomic
def drop_fulfilment_of(*, order_id: UUID, reason: str, now: datetime) -> None:
    """The order was canceled: its fulfilment, if there is one that waits, is off. Repeatable."""
    row = (
        queries.fulfilments(lock=True)
        .filter(order_id=order_id, state=FulfilmentState.REQUESTED)
        .first()
    )
    if row is not None:
        _call_off(row, reason, now)


def note_refunded(row: FulfilmentRow, order: Order, viewer: Viewer) -> None:
    """Put on record who lets goods go whose money is back with the customer."""
    if order.payment_status == "REFUNDED":
        record_audit(
            action="shipping.fulfillment.sent_although_refunded",
            entity_type="fulfillment",
            entity_id=row.id,
            actor=viewer,
            changes={"order_id": str(row.order_id), "state": row.state},
        )


def locked(fulfillment_id: UUID, viewer: Viewer) -> FulfilmentRow:
    """The fulfilment, nobody else's until the transaction ends. For operators only."""
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    row = queries.fulfilments(lock=True).filter(id=fulfillment_id).first()
    if row is None:
        raise FulfilmentNotFound
    return row


def advance(row: FulfilmentRow, after: FulfilmentState, now: datetime) -> None:
    """Take a locked fulfilment one declared step further, or raise StepRefused."""
    if not may_move(FulfilmentState(row.state), after):
        why = f" ({row.cancel_reason})" if row.cancel_reason else ""
        raise StepRefused(
            f"A fulfilment that is {row.state}{why} does not become {after}.", state=row.state
        )
    row.state = after.value
    row.version += 1
    row.updated_at = now
    row.save(update_fields=["state", "version", "updated_at", "cancel_reason"])


def _call_off(row: FulfilmentRow, reason: str, now: datetime) -> None:
    open_shipment = next(
        (s for s in row.shipments.all() if s.status != ShipmentStatus.CANCELED), None
    )
    if open_shipment is not None and open_shipment.status != ShipmentStatus.CREATED:
        raise LabelBought(
            "The carrier was asked for a label already.", shipment_id=str(open_shipment.id)
        )
    row.cancel_reason = reason[:200]
    advance(row, FulfilmentState.CANCELED, now)
    if open_shipment is not None:
        open_shipment.status = ShipmentStatus.CANCELED
        open_shipment.save(update_fields=["status"])
    publish(
        FulfillmentFailed(fulfillment_id=row.id, order_id=row.order_id, reason=row.cancel_reason)
    )
