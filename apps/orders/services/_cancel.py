"""Calling an order off."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory import services as inventory
from apps.orders import queries
from apps.orders.domain.paying import PaymentStatus
from apps.orders.domain.transitions import CANCELABLE, Status, why_not_cancelable
from apps.orders.errors import NotCancelable, OrderNotFound
from apps.orders.events import OrderCanceled
from apps.orders.queries import OrderRecord
from apps.orders.services._shape import facts_of, order_of
from apps.orders.types import Order
from apps.pricing import services as pricing
from ecommerce.audit import record as record_audit
from ecommerce.events import publish
from ecommerce.identity import Viewer


@transaction.atomic
def cancel_order(*, order_id: UUID, reason: str, viewer: Viewer, now: datetime) -> Order:
    """Call the order off and give back its stock and coupons, all at once.

    The money goes back by the payments room, which hears of it from the event. A repeat changes
    nothing. Customers may cancel what is theirs, the back office anything; others get
    OrderNotFound. Raises NotCancelable once the warehouse has begun (or the order is further).
    """
    before = queries.read(order_id, lock=True)
    if before is None or not may_see(before, viewer):
        raise OrderNotFound
    if before.status == Status.CANCELED:
        return order_of(before)
    _refuse_if_too_late(before)
    canceled = queries.move(
        order_id,
        CANCELABLE,
        Status.CANCELED,
        reason=reason,
        actor=str(viewer.user_id or ("system" if viewer.is_staff else "guest")),
        now=now,
    )
    assert canceled is not None  # noqa: S101  # the row is locked and was cancelable
    publish(facts_of(OrderCanceled, canceled, previous=before.status.value, now=now, reason=reason))
    _put_on_record(before, viewer)
    if before.coupon_codes:
        pricing.release_coupons(order_id=order_id)
    inventory.cancel_reservation(order_id=order_id, reason=reason)
    return order_of(canceled)


def cancel_if_refunded(record: OrderRecord, *, viewer: Viewer, now: datetime) -> OrderRecord | None:
    """Call off a paid order whose money is all back and that the warehouse has not begun; None for any other.

    Whoever gave all the money back before anything was picked does not mean to send the goods.
    """
    unpicked = record.status == Status.PAID and record.fulfilment_started_at is None
    if not unpicked or record.payment_status != PaymentStatus.REFUNDED:
        return None
    cancel_order(order_id=record.id, reason="refunded in full", viewer=viewer, now=now)
    return queries.read(record.id)


def may_see(record: OrderRecord, viewer: Viewer) -> bool:
    """Is the order theirs, or are they the back office?"""
    return viewer.is_staff or viewer.owns(
        user_id=record.customer_id, guest_token_hash=record.guest_token_hash
    )


def _refuse_if_too_late(order: OrderRecord) -> None:
    started = order.fulfilment_started_at is not None
    if why := why_not_cancelable(order.status, fulfilment_started=started):
        raise NotCancelable(
            f"It cannot be canceled: {why}.",
            order_status=order.status.value,
            reasons=[{"rule": "orders.cancel", "outcome": "refused", "why": why}],
        )


def _put_on_record(order: OrderRecord, viewer: Viewer) -> None:
    """Without the reason, which may name somebody: the order's history has it."""
    if viewer.is_staff and viewer.user_id is not None:
        record_audit(
            action="orders.order.canceled",
            entity_type="order",
            entity_id=str(order.id),
            actor=viewer,
            changes={"status": [order.status.value, Status.CANCELED.value]},
        )
