"""The line that the warehouse draws under cancelling."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import queries
from apps.orders.domain.paying import PaymentStatus
from apps.orders.domain.transitions import Status
from apps.orders.errors import FulfilmentRefused, OrderNotFound, OrderRefunded
from apps.orders.queries import OrderRecord
from apps.orders.services._cancel import cancel_if_refunded
from apps.orders.services._shape import order_of, update_of
from apps.orders.types import Order
from ecommerce.events import publish
from ecommerce.identity import SYSTEM, Viewer


@transaction.atomic
def begin_fulfilment(
    *, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM, also_if_refunded: bool = False
) -> Order:
    """The warehouse starts: from here on the order cannot be canceled. A repeat changes nothing.

    Whoever takes the row first wins: after a cancellation this raises FulfilmentRefused, after this a
    cancellation is refused. Raises OrderRefunded as clear_to_ship does, having begun nothing.
    """
    record = queries.start_fulfilment(order_id, actor=str(viewer.user_id or "system"), now=now)
    if record is None:
        return order_of(_begun(order_id))
    if not also_if_refunded:
        _refuse_refunded(record)
    publish(update_of(record, now=now))
    return order_of(record)


@transaction.atomic
def clear_to_ship(*, order_id: UUID, also_if_refunded: bool = False) -> Order:
    """The order whose goods leave the house; its row is the caller's until the transaction ends.

    Raises OrderRefunded where all the money went back, unless the caller means to send them all the same.
    """
    record = queries.read(order_id, lock=True)
    if record is None:
        raise OrderNotFound
    if not also_if_refunded:
        _refuse_refunded(record)
    return order_of(record)


@transaction.atomic(savepoint=False)
def abandon_fulfilment(*, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Order:
    """The warehouse gives the order back unshipped: it may be canceled again. Repeatable.

    One that was refunded in full meanwhile is canceled with it, and its stock is free.
    """
    record = queries.stop_fulfilment(order_id, actor=str(viewer.user_id or "system"), now=now)
    if record is not None:
        publish(update_of(record, now=now))
        return order_of(cancel_if_refunded(record, viewer=viewer, now=now) or record)
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


def _refuse_refunded(record: OrderRecord) -> None:
    if record.payment_status == PaymentStatus.REFUNDED:
        raise OrderRefunded(
            "All its money went back. Cancel its fulfilment to put the goods back on the shelf, or send"
            " alsoIfRefunded to let them go all the same.",
            payment_status=record.payment_status.value,
        )
