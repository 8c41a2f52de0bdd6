"""How an order reaches the warehouse."""

from collections.abc import Collection, Sequence
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


def open_fulfilments(commands: Sequence[RequestFulfilment]) -> dict[UUID, FulfillmentRequested]:
    """Ask the warehouse to send paid orders: what is to be told of each, by order. An order is asked for once.

    Those that were asked for before are left out, even if their fulfilment was canceled in the meantime.
    Four statements however many; the caller's transaction tells the news.
    """
    wanted = {command.order_id: command for command in commands}
    asked = FulfilmentRow.objects.filter(order_id__in=list(wanted))
    for order_id in asked.values_list("order_id", flat=True):
        wanted.pop(order_id, None)
    return _open(list(wanted.values()))


@transaction.atomic
def request_fulfilment(command: RequestFulfilment) -> UUID:
    """As open_fulfilments, of one order, and told; its fulfilment's id, or the first one's where it was asked for."""
    opened = open_fulfilments([command])
    if opened:
        publish(opened[command.order_id])
        return opened[command.order_id].fulfillment_id
    asked = FulfilmentRow.objects.filter(order_id=command.order_id).order_by("requested_at")
    return asked.values_list("id", flat=True)[0]


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
        requested_at=now,
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
    (requested,) = _open([command]).values()
    publish(requested)
    return fulfilment_of(queries.fulfilments().get(id=requested.fulfillment_id))


def _open(commands: Sequence[RequestFulfilment]) -> dict[UUID, FulfillmentRequested]:
    methods = queries.methods_named({(one.shipping_method, one.currency) for one in commands})
    rows = [_row(one, methods[one.shipping_method, one.currency]) for one in commands]
    FulfilmentRow.objects.bulk_create(rows)
    LineRow.objects.bulk_create(
        LineRow(
            fulfilment=row,
            line_id=line.line_id,
            sku_id=line.sku_id,
            sku_code=line.sku_code,
            seller=line.seller,
            quantity=line.quantity,
        )
        for row, command in zip(rows, commands, strict=True)
        for line in command.lines
    )
    return {row.order_id: _news(row, command) for row, command in zip(rows, commands, strict=True)}


def _row(command: RequestFulfilment, method: tuple[str, str]) -> FulfilmentRow:
    carrier, service = method
    return FulfilmentRow(
        order_id=command.order_id,
        order_number=command.order_number,
        merchant=command.merchant,
        shipping_method=command.shipping_method,
        carrier=carrier,
        service=service,
        requested_at=command.requested_at,
        updated_at=command.requested_at,
    )


def _news(row: FulfilmentRow, command: RequestFulfilment) -> FulfillmentRequested:
    return FulfillmentRequested(
        fulfillment_id=row.id,
        order_id=row.order_id,
        merchant=row.merchant,
        location=row.location,
        lines=units_of(command.lines),
    )
