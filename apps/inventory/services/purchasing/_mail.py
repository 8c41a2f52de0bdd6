"""Purchase orders go out to suppliers by mail."""

import csv
import io
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.catalog import services as catalog
from apps.inventory.domain.purchasing import OrderState
from apps.inventory.gateways import mail
from apps.inventory.models import OrderMail, PurchaseOrder
from apps.inventory.queries import purchasing as queries
from apps.inventory.services.purchasing._find import get_purchase_order
from ecommerce.errors import kept_reason
from ecommerce.money import Money

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
_LONGEST_WAIT = timedelta(hours=6)


def mail_purchase_orders(*, now: datetime, limit: int = 50) -> int:
    """Mail the orders that are due and were not called off meanwhile; says how many went out.

    No transaction is open while the server is spoken to. A process that dies in between mails again
    after the wait: at least once, by the same Subject.
    """
    sent = 0
    for _ in range(limit):
        claimed = _claim(now)
        if claimed is None:
            break
        sent += _deliver(claimed, now)
    return sent


def purchase_order_document(*, order_id: UUID) -> tuple[str, str]:
    """Name and content of an order as the supplier gets it, a CSV file. Raises NoPurchaseOrder."""
    return f"{get_purchase_order(order_id=order_id).number}.csv", _csv(order_id)


@transaction.atomic
def _claim(now: datetime) -> UUID | None:
    """Take the longest due mail; nobody else tries it before its next time has come."""
    row = (
        OrderMail.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(delivered_at=None, due_at__lte=now, attempts__lt=MAX_ATTEMPTS)
        .exclude(order__state=OrderState.CANCELLED)
        .order_by("due_at")
        .first()
    )
    if row is None:
        return None
    row.attempts += 1
    row.due_at = now + min(timedelta(minutes=2**row.attempts), _LONGEST_WAIT)
    row.save(update_fields=["attempts", "due_at"])
    return row.order_id


def _deliver(order_id: UUID, now: datetime) -> bool:
    row = OrderMail.objects.select_related("order").get(order_id=order_id)
    order = row.order
    try:
        mail.send_document(
            to=row.recipient,
            subject=f"Purchase order {order.number}",
            text=_text(order),
            name=f"{order.number}.csv",
            csv=_csv(order_id),
        )
    except OSError as error:
        log.warning("purchase order %s was not mailed: %s", order.number, kept_reason(error))
        OrderMail.objects.filter(id=row.id).update(error=kept_reason(error)[:300])
        return False
    OrderMail.objects.filter(id=row.id).update(delivered_at=now, error="")
    return True


def _text(order: PurchaseOrder) -> str:
    goods = sum(line.ordered * line.unit_cost_minor for line in queries.order_lines(order))
    expected = f" We expect it on {order.expected_on}." if order.expected_on else ""
    return (
        f"Please deliver purchase order {order.number}, {Money(goods, order.currency)}, "
        f"to {order.location.name}.{expected} The lines are in the file.\n"
    )


def _csv(order_id: UUID) -> str:
    order = queries.orders().get(id=order_id)
    lines = queries.order_lines(order)
    skus = catalog.find_skus(ids=tuple(line.sku_id for line in lines))
    terms = queries.terms(order.supplier, [line.sku_id for line in lines])
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["sku", "supplier_sku", "quantity", "unit_cost", "currency"])
    for line in lines:
        known, term = skus.get(line.sku_id), terms.get(line.sku_id)
        cost = Money(line.unit_cost_minor, order.currency).to_decimal()
        rows.writerow(
            [
                known.code if known else line.sku_id,
                term.supplier_sku if term else "",
                line.ordered,
                cost,
                order.currency,
            ]
        )
    return out.getvalue()
