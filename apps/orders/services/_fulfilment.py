"""The line that the warehouse draws under cancelling."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import queries
from apps.orders.domain.transitions import Status
from apps.orders.errors import FulfilmentRefused, OrderNotFound
from apps.orders.queries import OrderRecord
from apps.orders.services._shape import order_of, update_of
from apps.orders.types import Order
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer


@transaction.atomic(savepoint=False)
def begin_fulfilment(*, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Order:
    """The warehouse starts: from here on the order cannot be canceled. A repeat changes nothing.

    Whoever takes the row first wins: after a cancellation this raises FulfilmentRefused, after this a
    cancellation is refused.
    """
    record = queries.start_fulfilment(order_id, actor=str(viewer.user_id or "system"), now=now)
    if record is None:
        return order_of(_begun(order_id))
    publish(update_of(record, now=now))
    return order_of(record)


@transaction.atomic(savepoint=False)
def abandon_fulfilment(*, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Order:
    """The warehouse gives the order back unshipped: it may be canceled again. Repeatable."""
    record = queries.stop_fulfilment(order_id, actor=str(viewer.user_id or "system"), now=now)
    if record is not None:
        publish(update_of(record, now=now))
        return order_of(record)
    unchanged = queries.read(order_id)
    if unchanged is None:
        raise OrderNotFound
    return order_of(unchanged)


def _begun(order_id: UUID) -> OrderRecord:
    record = queries.read(order_id)
    if record is None:
        raise OrderNotFound
    if record.status == Status.CANCELED or record.fulfilment_started_at is None:
        raise FulfilmentRefused(
            f"The warehouse starts on paid orders; this one is {record.status.lower()}.",
            order_status=record.status.value,
        )
    return record
