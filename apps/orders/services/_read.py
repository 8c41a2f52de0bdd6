"""Looking at orders."""

from collections.abc import Collection
from uuid import UUID

from apps.orders import queries
from apps.orders.errors import OrderNotFound
from apps.orders.queries import OrderRecord
from apps.orders.services._cancel import may_see
from apps.orders.services._shape import cancelable, order_of
from apps.orders.types import Order, OrderHistory, StatusChange
from ecommerce.identity import Viewer


def get_order(*, order_id: UUID, viewer: Viewer) -> Order:
    """The order, for its owner and the back office; OrderNotFound for everybody else."""
    return order_of(_seen(order_id, viewer))


def may_see_order(*, order_id: UUID, viewer: Viewer) -> bool:
    """Is there such an order, and is it theirs to see? One statement, for rooms that keep something about orders."""
    return queries.is_seen(order_id, viewer=viewer)


def get_history(*, order_id: UUID, viewer: Viewer) -> OrderHistory:
    """Where the order stands and how it got there, for those who may see it."""
    record = _seen(order_id, viewer)
    return OrderHistory(
        order_id=record.id,
        number=record.number,
        status=record.status.value,
        version=record.version,
        cancelable=cancelable(record),
        history=tuple(
            StatusChange(
                status=step.status,
                previous_status=step.previous_status,
                reason=step.reason,
                actor=step.actor if viewer.is_staff else "",
                version=step.version,
                occurred_at=step.occurred_at,
            )
            for step in queries.history_of(order_id)
        ),
    )


def statuses_of(*, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where each of these orders stands, in one statement."""
    return queries.statuses(order_ids)


def _seen(order_id: UUID, viewer: Viewer) -> OrderRecord:
    record = queries.read(order_id)
    if record is None or not may_see(record, viewer):
        raise OrderNotFound
    return record
