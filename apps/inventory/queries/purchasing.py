"""Purchase orders, deliveries and suppliers: rows locked, rows made into plain values."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from apps.inventory.domain.purchasing import INBOUND_OPEN
from apps.inventory.models import (
    Discrepancy,
    Inbound,
    InboundLine,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierTerm,
)
from apps.inventory.types import Discrepancy as DiscrepancyView
from apps.inventory.types import ExtraCost, OrderLine, Term
from apps.inventory.types import Inbound as InboundView
from apps.inventory.types import InboundLine as InboundLineView
from apps.inventory.types import PurchaseOrder as OrderView
from apps.inventory.types import Supplier as SupplierView

_NUMBERS = {"PO": "inventory_purchase_number", "IN": "inventory_inbound_number"}
_ON_ORDER = """
SELECT n.sku_id, o.location_id,
       sum(greatest(0, n.ordered - n.received - n.damaged - n.cancelled))::int
FROM inventory_purchaseorderline n JOIN inventory_purchaseorder o ON o.id = n.order_id
WHERE n.sku_id = ANY(%(skus)s::uuid[])
  AND (o.state IN ('APPROVED', 'SENT', 'PARTIALLY_RECEIVED') OR o.state = 'DRAFT' AND EXISTS (
       SELECT FROM inventory_replenishmentproposal r WHERE r.order_id = o.id))
GROUP BY 1, 2
UNION ALL
SELECT n.sku_id, i.location_id, sum(greatest(0, n.expected - n.received - n.damaged))::int
FROM inventory_inboundline n JOIN inventory_inbound i ON i.id = n.inbound_id
WHERE n.sku_id = ANY(%(skus)s::uuid[]) AND n.order_line_id IS NULL
  AND i.state IN ('EXPECTED', 'PARTIALLY_RECEIVED')
GROUP BY 1, 2
"""


def next_number(prefix: str) -> str:
    """A number that nobody has: ``PO-000001``. Numbers of what was rolled back stay unused."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{_NUMBERS[prefix]}')")
        return f"{prefix}-{cursor.fetchone()[0]:06d}"


def on_order(sku_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], int]:
    """Units to come per SKU and location: of approved orders, of drafts that proposals became, and of deliveries
    without an order."""
    units: dict[tuple[UUID, UUID], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ON_ORDER, {"skus": list(sku_ids)})
        for sku_id, location_id, coming in cursor.fetchall():
            units[sku_id, location_id] = units.get((sku_id, location_id), 0) + coming
    return units


def orders() -> "QuerySet[PurchaseOrder]":
    """Orders with all that a view of them shows: four statements for any number."""
    return PurchaseOrder.objects.select_related("supplier", "location", "mail").prefetch_related(
        "lines", "costs"
    )


def orders_where(*, state: str | None, supplier: str | None) -> "QuerySet[PurchaseOrder]":
    """Orders in a state, or of a supplier; None leaves either out."""
    wanted = {"state": state, "supplier__code": supplier}
    return orders().filter(**{name: value for name, value in wanted.items() if value is not None})


def suppliers(*, active: bool | None) -> "QuerySet[Supplier]":
    """Suppliers, all or by whether anything is bought of them still."""
    rows = Supplier.objects.all()
    return rows if active is None else rows.filter(active=active)


def terms_of(supplier: str) -> "QuerySet[SupplierTerm]":
    """All terms of a supplier."""
    return SupplierTerm.objects.filter(supplier__code=supplier)


def inbounds() -> "QuerySet[Inbound]":
    """Deliveries with all that a view of them shows."""
    return Inbound.objects.select_related("location", "supplier").prefetch_related(
        "lines__discrepancies"
    )


def inbounds_where(*, state: str | None, order_id: UUID | None) -> "QuerySet[Inbound]":
    """Deliveries in a state, or of an order; None leaves either out."""
    wanted = {"state": state, "order_id": order_id}
    return inbounds().filter(**{name: v for name, v in wanted.items() if v is not None})


def discrepancies() -> "QuerySet[Discrepancy]":
    """Differences with the lines that they are of."""
    return Discrepancy.objects.select_related("line")


def locked_order(order_id: UUID) -> PurchaseOrder | None:
    """The order's row, nobody else's until the transaction ends."""
    return PurchaseOrder.objects.select_for_update().filter(id=order_id).first()


def locked_inbound(inbound_id: UUID) -> tuple[Inbound | None, PurchaseOrder | None]:
    """The delivery and its order, both locked: the order first, as everywhere."""
    of = Inbound.objects.filter(id=inbound_id).values_list("order_id", flat=True).first()
    order = locked_order(of) if of else None
    return Inbound.objects.select_for_update().filter(id=inbound_id).first(), order


def inbound_numbered(number: str) -> UUID | None:
    """The delivery of that number."""
    return Inbound.objects.filter(number=number).values_list("id", flat=True).first()


def order_lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """The lines of an order in the order in which costs are split."""
    return list(PurchaseOrderLine.objects.filter(order=order).order_by("position", "id"))


def open_inbounds(order_id: UUID) -> list[Inbound]:
    """The deliveries of a locked order that may still bring something, locked too."""
    rows = Inbound.objects.select_for_update().filter(order_id=order_id, state__in=INBOUND_OPEN)
    return list(rows.order_by("id"))


def expected_skus(order_id: UUID) -> set[UUID]:
    """The SKUs of those."""
    rows = InboundLine.objects.filter(inbound__order_id=order_id, inbound__state__in=INBOUND_OPEN)
    return set(rows.values_list("sku_id", flat=True))


def announced_units(order: PurchaseOrder) -> Counter[UUID]:
    """Units by order line that open deliveries of the order still bring."""
    rows = InboundLine.objects.filter(
        order_line__order=order,
        inbound__state__in=INBOUND_OPEN,
        expected__gt=F("received") + F("damaged"),
    )
    units: Counter[UUID] = Counter()
    for line in rows:
        units[line.order_line_id] += line.expected - line.received - line.damaged  # type: ignore[index]
    return units


def lock_terms() -> None:
    """Nobody else writes terms until the transaction ends: two suppliers cannot both become preferred."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE inventory_supplierterm IN SHARE ROW EXCLUSIVE MODE")


def terms(supplier: Supplier, sku_ids: Iterable[UUID]) -> dict[UUID, SupplierTerm]:
    """What a supplier asks for SKUs."""
    found = SupplierTerm.objects.filter(supplier=supplier, sku_id__in=list(sku_ids))
    return {term.sku_id: term for term in found}


def term_view(row: SupplierTerm) -> Term:
    """A term as callers see it."""
    return Term(
        sku_id=row.sku_id,
        unit_cost_minor=row.unit_cost_minor,
        supplier_sku=row.supplier_sku,
        minimum_units=row.minimum_units,
        pack_units=row.pack_units,
        preferred=row.preferred,
    )


def supplier_view(row: Supplier) -> SupplierView:
    """A supplier as callers see it."""
    return SupplierView(
        id=row.id,
        code=row.code,
        name=row.name,
        email=row.email,
        currency=row.currency,
        lead_time_days=row.lead_time_days,
        lead_time_spread_days=row.lead_time_spread_days,
        active=row.active,
    )


def order_view(row: PurchaseOrder) -> OrderView:
    """An order as callers see it, from ``orders()``."""
    mail = getattr(row, "mail", None)
    return OrderView(
        id=row.id,
        number=row.number,
        supplier=row.supplier.code,
        location=row.location.code,
        state=row.state,  # type: ignore[arg-type]  # the column has the same choices
        currency=row.currency,
        exchange_rate=row.exchange_rate,
        expected_on=row.expected_on,
        note=row.note,
        author=row.author,
        approved_by=row.approved_by,
        reason=row.reason,
        version=row.version,
        created_at=row.created_at,
        sent_at=row.sent_at,
        mailed_at=mail.delivered_at if mail else None,
        lines=tuple(
            _line_view(line) for line in sorted(row.lines.all(), key=lambda n: (n.position, n.id))
        ),
        costs=tuple(
            ExtraCost(kind=cost.kind, amount_minor=cost.amount_minor, split=cost.split)  # type: ignore[arg-type]
            for cost in sorted(row.costs.all(), key=lambda c: c.id)
        ),
    )


def _line_view(line: PurchaseOrderLine) -> OrderLine:
    return OrderLine(
        id=line.id,
        sku_id=line.sku_id,
        ordered=line.ordered,
        received=line.received,
        damaged=line.damaged,
        cancelled=line.cancelled,
        outstanding=line.outstanding,
        unit_cost_minor=line.unit_cost_minor,
    )


def inbound_view(row: Inbound) -> InboundView:
    """A delivery as callers see it, from ``inbounds()``."""
    lines = sorted(row.lines.all(), key=lambda line: line.sku_id)
    return InboundView(
        id=row.id,
        number=row.number,
        order_id=row.order_id,
        location=row.location.code,
        supplier=row.supplier.code if row.supplier else "",
        reference=row.reference,
        state=row.state,  # type: ignore[arg-type]  # the column has the same choices
        expected_at=row.expected_at,
        called_off_at=row.called_off_at,
        created_at=row.created_at,
        lines=tuple(
            InboundLineView(
                sku_id=line.sku_id,
                expected=line.expected,
                received=line.received,
                damaged=line.damaged,
            )
            for line in lines
        ),
        discrepancies=tuple(
            discrepancy_view(found, line)
            for line in lines
            for found in sorted(line.discrepancies.all(), key=lambda d: d.id)
        ),
    )


def discrepancy_view(row: Discrepancy, line: InboundLine) -> DiscrepancyView:
    """A difference as callers see it."""
    shown: Any = {
        name: getattr(row, name)
        for name in (
            *("id", "kind", "units", "cost_minor", "credit_minor", "state", "note"),
            *("in_house", "disposal"),
        )
    }
    return DiscrepancyView(inbound_id=line.inbound_id, sku_id=line.sku_id, **shown)


def inbound_lines(inbound: Inbound) -> dict[UUID, InboundLine]:
    """The lines of a delivery by their SKUs."""
    rows = InboundLine.objects.filter(inbound=inbound).select_related("order_line")
    return {line.sku_id: line for line in rows}


def count_arrival(line: InboundLine, *, received: int, damaged: int) -> None:
    """Add what came to a line and to the order line that it belongs to, both being locked with their heads."""
    rows: list[tuple[Any, Any]] = [(InboundLine, line)]
    if line.order_line is not None:
        rows.append((PurchaseOrderLine, line.order_line))
    for model, row in rows:
        model.objects.filter(id=row.id).update(
            received=F("received") + received, damaged=F("damaged") + damaged
        )
        row.received += received
        row.damaged += damaged
