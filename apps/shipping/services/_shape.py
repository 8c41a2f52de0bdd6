"""From rows to what the room hands out and announces."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from apps.shipping.events import ShipmentFacts, UnitToSend
from apps.shipping.models import Fulfilment as FulfilmentRow
from apps.shipping.models import FulfilmentLine as LineRow
from apps.shipping.models import Label as LabelRow
from apps.shipping.models import Shipment as ShipmentRow
from apps.shipping.types import Fulfilment, FulfilmentLine, Parcel, RequestedLine, Shipment

F = TypeVar("F", bound=ShipmentFacts)


def shipment_of(row: ShipmentRow) -> Shipment:
    """A parcel as the back office sees it."""
    return Shipment(
        id=row.id,
        fulfillment_id=row.fulfilment_id,
        order_id=row.order_id,
        carrier=row.carrier,
        service=row.service,
        status=row.status,
        parcels=tuple(Parcel(**parcel) for parcel in row.parcels),
        tracking_number=row.tracking_number,
        label_format=_label_format(row),
        estimated_delivery=row.estimated_delivery,
        booking_attempts=row.booking_attempts,
        last_error=row.last_error,
        version=row.version,
        created_at=row.created_at,
        booked_at=row.booked_at,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )


def _label_format(row: ShipmentRow) -> str | None:
    try:
        return row.label.format
    except LabelRow.DoesNotExist:
        return None


def fulfilment_of(row: FulfilmentRow) -> Fulfilment:
    """A fulfilment with its lines and parcels."""
    return Fulfilment(
        id=row.id,
        order_id=row.order_id,
        order_number=row.order_number,
        state=row.state,
        location=row.location,
        shipping_method=row.shipping_method,
        carrier=row.carrier,
        service=row.service,
        version=row.version,
        requested_at=row.requested_at,
        updated_at=row.updated_at,
        cancel_reason=row.cancel_reason,
        lines=tuple(
            FulfilmentLine(
                line_id=line.line_id,
                sku_id=line.sku_id,
                sku_code=line.sku_code,
                seller=line.seller,
                quantity=line.quantity,
            )
            for line in row.lines.all()
        ),
        shipments=tuple(shipment_of(shipment) for shipment in row.shipments.all()),
    )


def units_of(lines: Iterable[LineRow | RequestedLine]) -> tuple[UnitToSend, ...]:
    """The lines as events carry them."""
    return tuple(
        UnitToSend(
            line_id=line.line_id,
            sku_id=line.sku_id,
            sku_code=line.sku_code,
            seller=line.seller,
            quantity=line.quantity,
        )
        for line in lines
    )


def news_of(kind: type[F], row: ShipmentRow, *, at: datetime) -> F:
    """The event of that kind about the parcel as it stands now."""
    return kind(
        shipment_id=row.id,
        fulfillment_id=row.fulfilment_id,
        order_id=row.order_id,
        carrier=row.carrier,
        service=row.service,
        status=row.status,
        tracking_number=row.tracking_number,
        occurred_at=at,
    )
