"""Take a purchase order further: approve, send, cancel, close."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.inventory.domain.purchasing import InboundState, OrderState, may_step
from apps.inventory.errors import ApproverIsAuthor, PurchaseRefused
from apps.inventory.models import OrderMail
from apps.inventory.models import PurchaseOrder as OrderRow
from apps.inventory.queries import purchasing as queries
from apps.inventory.queries.warehouse import open_task_of
from apps.inventory.services.purchasing._costs import land_the_rest
from apps.inventory.services.purchasing._find import order_row, view_of_order
from apps.inventory.services.purchasing._on_the_way import end_deliveries
from apps.inventory.types import PurchaseOrder
from ecommerce.audit import record as record_audit
from ecommerce.dimensions import CURRENCY
from ecommerce.identity import Viewer


@transaction.atomic
def approve_purchase_order(*, order_id: UUID, viewer: Viewer, now: datetime) -> PurchaseOrder:
    """DRAFT → APPROVED. A repeat changes nothing.

    Raises ApproverIsAuthor where the shop wants four eyes (``PURCHASE_FOUR_EYES``) and its author asks.
    """
    row = order_row(order_id)
    if row.state != OrderState.APPROVED:
        _may_approve(row, viewer)
        row.approved_by, row.approved_at = str(viewer.user_id or ""), now
        step(row, OrderState.APPROVED)
        _audit(row, "approved", viewer)
    return view_of_order(order_id)


@transaction.atomic
def send_purchase_order(
    *, order_id: UUID, viewer: Viewer, now: datetime, by_hand: bool = False
) -> PurchaseOrder:
    """APPROVED → SENT: the order is mailed to the supplier right after, again until the mail went out.

    ``by_hand``: somebody has told the supplier otherwise, and no mail is made. A repeat changes nothing.
    Raises PurchaseRefused where the supplier has no address.
    """
    row = order_row(order_id)
    if row.state != OrderState.SENT:
        recipient = "" if by_hand else row.supplier.email
        if not by_hand and not recipient:
            raise PurchaseRefused(f"{row.supplier.code} has no e-mail address", state=row.state)
        row.sent_at = now
        step(row, OrderState.SENT)
        if recipient:
            OrderMail.objects.create(order=row, recipient=recipient, due_at=now)
        _audit(row, "sent", viewer)
    return view_of_order(order_id)


@transaction.atomic
def cancel_purchase_order(
    *, order_id: UUID, reason: str, viewer: Viewer, now: datetime
) -> PurchaseOrder:
    """Call an order off of which nothing has come, and what was announced of it. A repeat changes nothing.

    Raises PurchaseRefused once a part of it is here: close it then.
    """
    row = order_row(order_id)
    if row.state != OrderState.CANCELLED:
        _no_open_delivery(row)
        row.reason, row.closed_at = reason[:200], now
        step(row, OrderState.CANCELLED)
        end_deliveries(row)
        _audit(row, "cancelled", viewer)
    return view_of_order(order_id)


@transaction.atomic
def close_purchase_order(
    *, order_id: UUID, reason: str, viewer: Viewer, now: datetime
) -> PurchaseOrder:
    """End an order short: what has not come is cancelled, and what is here bears all its other costs.

    A repeat changes nothing. Raises PurchaseRefused before it was sent.
    """
    row = order_row(order_id)
    if row.state != OrderState.CLOSED:
        _no_open_delivery(row)
        row.reason = reason[:200]
        for line in queries.order_lines(row):
            if line.outstanding:
                line.cancelled += line.outstanding
                line.save(update_fields=["cancelled"])
        finish(row, now)
        _audit(row, "closed", viewer)
    return view_of_order(order_id)


def finish(row: OrderRow, now: datetime) -> None:
    """SENT or PARTIALLY_RECEIVED → CLOSED with what is announced of it, the order being locked."""
    row.closed_at = now
    step(row, OrderState.CLOSED)
    end_deliveries(row)
    land_the_rest(row)


def step(row: OrderRow, after: OrderState) -> None:
    """Take a locked order one declared step further and save it, or raise PurchaseRefused."""
    if not may_step(OrderState(row.state), after):
        raise PurchaseRefused(
            f"{row.number} is {row.state} and does not become {after.value}", state=row.state
        )
    row.state = after.value
    row.version += 1
    row.save()


def _may_approve(row: OrderRow, viewer: Viewer) -> None:
    same = viewer.user_id is not None and row.author == str(viewer.user_id)
    if settings.PURCHASE_FOUR_EYES and same:
        raise ApproverIsAuthor(f"{row.number} is of your own hand")
    if not queries.order_lines(row):
        raise PurchaseRefused(f"{row.number} has no lines", state=row.state)
    if row.currency == CURRENCY and row.exchange_rate != 1:
        raise PurchaseRefused(f"{CURRENCY} is the books' own currency: its rate is 1")


def _no_open_delivery(row: OrderRow) -> None:
    """What is being unloaded, or announced to a warehouse, is finished or called off first."""
    for inbound in queries.open_inbounds(row.id):
        if inbound.state == InboundState.PARTIALLY_RECEIVED:
            raise PurchaseRefused(f"{inbound.number} is being unloaded", state=row.state)
        if open_task_of(inbound.id) is not None:
            raise PurchaseRefused(
                f"{inbound.number} is announced to its warehouse: call it off there first",
                state=row.state,
            )


def _audit(row: OrderRow, verb: str, viewer: Viewer) -> None:
    record_audit(
        action=f"inventory.purchase_order.{verb}",
        entity_type="purchase_order",
        entity_id=row.id,
        actor=viewer,
        changes={"number": row.number, "state": row.state},
    )
