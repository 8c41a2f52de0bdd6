"""How an order reaches the warehouse."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import services as orders
from apps.shipping import queries
from apps.shipping.domain.transitions import FulfilmentState
from apps.shipping.errors import AlreadyRequested, OrderNotReady
from apps.shipping.events import FulfillmentRequested
from apps.shipping.models import Fulfilment as FulfilmentRow
from apps.shipping.models import FulfilmentLine as LineRow
from apps.shipping.services._shape import fulfilment_of, units_of
from apps.shipping.types import Fulfilment, RequestedLine, RequestFulfilment
from ecommerce.errors import Forbidden
from ecommerce.events import publish
from ecommerce.identity import OPERATOR, Viewer


def waiting_orders(*, order_ids: Collection[UUID]) -> set[UUID]:
    """Those of the orders that are paid still: neither canceled nor sent since, here or elsewhere."""
    if not order_ids:
        return set()
    found = orders.statuses_of(order_ids=order_ids)
    return {order_id for order_id, status in found.items() if status == "PAID"}


@transaction.atomic
def request_fulfilment(command: RequestFulfilment, *, now: datetime) -> UUID:
    """Ask the warehouse to send a paid order; its fulfilment's id. An order is asked for once.

    Repeating it returns the first, even if that one was canceled in the meantime.
    """
    first = (
        FulfilmentRow.objects.filter(order_id=command.order_id)
        .order_by("requested_at")
        .values_list("id", flat=True)
        .first()
    )
    return first or _create(command, now).id


@transaction.atomic
def create_fulfilment(*, order_id: UUID, viewer: Viewer, now: datetime) -> Fulfilment:
    """Ask for a paid order by hand, as after a canceled fulfilment.

    Raises Forbidden to all but operators, OrderNotReady unless the order is paid and untouched,
    AlreadyRequested where one is under way.
    """
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    order = orders.get_order(order_id=order_id, viewer=viewer)
    if order.status != "PAID" or order.fulfilment_started_at is not None:
        raise OrderNotReady(f"The order is {order.status.lower()}.", order_status=order.status)
    live = FulfilmentRow.objects.filter(order_id=order_id).exclude(state=FulfilmentState.CANCELED)
    if live.exists():
        raise AlreadyRequested
    command = RequestFulfilment(
        order_id=order.id,
        order_number=order.number,
        merchant=order.merchant,
        shipping_method=order.shipping_method,
        currency=order.currency,
        lines=tuple(
            RequestedLine(
                line_id=line.id,
                sku_id=line.sku_id,
                sku_code=line.sku_code,
                seller=line.seller,
                quantity=line.quantity,
            )
            for line in order.lines
        ),
    )
    created = _create(command, now)
    return fulfilment_of(queries.fulfilments().get(id=created.id))


def _create(command: RequestFulfilment, now: datetime) -> FulfilmentRow:
    carrier, service = queries.method_named(command.shipping_method, command.currency)
    fulfilment = FulfilmentRow.objects.create(
        order_id=command.order_id,
        order_number=command.order_number,
        merchant=command.merchant,
        shipping_method=command.shipping_method,
        carrier=carrier,
        service=service,
        requested_at=now,
        updated_at=now,
    )
    LineRow.objects.bulk_create(
        LineRow(
            fulfilment=fulfilment,
            line_id=line.line_id,
            sku_id=line.sku_id,
            sku_code=line.sku_code,
            seller=line.seller,
            quantity=line.quantity,
        )
        for line in command.lines
    )
    publish(
        FulfillmentRequested(
            fulfillment_id=fulfilment.id,
            order_id=fulfilment.order_id,
            merchant=fulfilment.merchant,
            location=fulfilment.location,
            lines=units_of(fulfilment),
        )
    )
    return fulfilment
