"""An order's way forward: confirmed, paid, fulfilled, completed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orders import queries
from apps.orders.domain.transitions import Status, sources_of
from apps.orders.errors import OrderNotFound, TransitionRefused, TransitionUnknown
from apps.orders.events import (
    OrderCompleted,
    OrderConfirmed,
    OrderFacts,
    OrderFulfilled,
    OrderPaid,
)
from apps.orders.queries import OrderRecord
from apps.orders.services._cancel import cancel_order
from apps.orders.services._shape import facts_of, order_of
from apps.orders.types import Order
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden, StaleVersion
from ecommerce.events import publish
from ecommerce.identity import OPERATOR, SYSTEM, Viewer
from ecommerce.transactions import joining

NEWS: dict[Status, type[OrderFacts]] = {
    Status.CONFIRMED: OrderConfirmed,
    Status.PAID: OrderPaid,
    Status.FULFILLED: OrderFulfilled,
    Status.COMPLETED: OrderCompleted,
}
BY_HAND = (Status.COMPLETED, Status.CANCELED)
"""What an operator may set: what needs nothing done elsewhere, and what does it by itself."""
_INSTEAD = {
    Status.PENDING: "An order is PENDING when it is placed, and never again.",
    Status.CONFIRMED: "It follows from the payment's authorization.",
    Status.PAID: "It follows from the payment's capture.",
    Status.FULFILLED: "Ship its fulfilment (POST /fulfillments/{id}/ship): the goods leave the stock with it,"
    " and the order follows.",
}


@joining
def confirm_order(*, order_id: UUID, now: datetime) -> Order:
    """PENDING → CONFIRMED, when the payment is authorized. A repeat changes nothing.

    Raises TransitionRefused where the order was canceled in the meantime.
    """
    return _move(order_id, Status.CONFIRMED, reason="payment authorized", viewer=SYSTEM, now=now)


@joining
def mark_paid(*, order_id: UUID, payment_id: UUID, now: datetime) -> Order:
    """CONFIRMED → PAID, when the money of this payment is taken. A repeat changes nothing.

    Raises TransitionRefused where the order was canceled in the meantime, or awaits another payment.
    """
    order = _move(order_id, Status.PAID, reason="payment captured", viewer=SYSTEM, now=now)
    if order.payment_id != payment_id:
        raise TransitionRefused(
            "The order awaits another payment.", payment_id=str(order.payment_id)
        )
    return order


@transaction.atomic(savepoint=False)
def mark_fulfilled(*, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Order:
    """PAID → FULFILLED, when everything has left the warehouse. A repeat changes nothing."""
    return _move(order_id, Status.FULFILLED, reason="everything shipped", viewer=viewer, now=now)


@transaction.atomic(savepoint=False)
def complete_order(*, order_id: UUID, now: datetime, viewer: Viewer = SYSTEM) -> Order:
    """FULFILLED → COMPLETED, when everything arrived. A repeat changes nothing."""
    return _move(order_id, Status.COMPLETED, reason="everything delivered", viewer=viewer, now=now)


@transaction.atomic
def set_status(
    *, order_id: UUID, status: str, reason: str, viewer: Viewer, now: datetime, version: int | None
) -> Order:
    """An operator's step by hand, put on record: COMPLETED or CANCELED.

    Raises Forbidden to anyone else, TransitionUnknown for a status that follows from what the payment or
    the warehouse does, TransitionRefused for an undeclared step, StaleVersion where the order has moved on.
    """
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    target = _settable(status)
    before = queries.read(order_id, lock=True)
    if before is None:
        raise OrderNotFound
    if version is not None and before.version != version:
        raise StaleVersion(current_version=before.version)
    if target == Status.CANCELED:
        return cancel_order(order_id=order_id, reason=reason, viewer=viewer, now=now)
    order = _move(order_id, target, reason=reason, viewer=viewer, now=now)
    record_audit(
        action="orders.order.status_set",
        entity_type="order",
        entity_id=str(order_id),
        actor=viewer,
        changes={"status": [before.status.value, order.status]},
    )
    return order


def _settable(status: str) -> Status:
    if status not in BY_HAND:
        instead = next((why for known, why in _INSTEAD.items() if known == status), "")
        raise TransitionUnknown(
            f"{status} is not set by hand. {instead}".rstrip(),
            settable=[known.value for known in BY_HAND],
        )
    return Status(status)


def _move(order_id: UUID, after: Status, *, reason: str, viewer: Viewer, now: datetime) -> Order:
    before = sources_of(after)
    moved = queries.move(
        order_id, before, after, reason=reason, actor=str(viewer.user_id or "system"), now=now
    )
    if moved is None:
        return order_of(_already(order_id, after))
    publish(facts_of(NEWS[after], moved, previous=before[0].value, now=now))
    return order_of(moved)


def _already(order_id: UUID, after: Status) -> OrderRecord:
    record = queries.read(order_id)
    if record is None:
        raise OrderNotFound
    if record.status != after and not _is_past(record.status, after):
        raise TransitionRefused(
            f"An order that is {record.status} does not become {after}.",
            order_status=record.status.value,
        )
    return record


def _is_past(status: Status, step: Status) -> bool:
    """Has the order been at that step on its way forward? Then a repeat of it is no news."""
    forward = (Status.CONFIRMED, Status.PAID, Status.FULFILLED, Status.COMPLETED)
    return status in forward and forward.index(status) > forward.index(step)
