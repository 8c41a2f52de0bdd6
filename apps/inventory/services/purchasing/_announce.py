"""A delivery is announced, by an order's ASN or without one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.purchasing import RECEIVABLE, InboundState
from apps.inventory.errors import InboundRefused, InboundUnclear, PurchaseRefused
from apps.inventory.events import ExpectedUnits, InboundCreated
from apps.inventory.models import Inbound as InboundRow
from apps.inventory.models import InboundLine, PurchaseOrder, PurchaseOrderLine
from apps.inventory.queries import purchasing as queries
from apps.inventory.services._write import location_ids
from apps.inventory.services.purchasing._find import order_row, view_of_inbound
from apps.inventory.services.purchasing._on_the_way import expect_rest
from apps.inventory.services.purchasing._suppliers import supplier_row
from apps.inventory.types import AnnounceInbound, ExpectedItem, Inbound
from ecommerce.events import publish


@transaction.atomic
def create_inbound(command: AnnounceInbound) -> Inbound:
    """Write a delivery down; no warehouse is told of it. As the room's ``create_inbound``."""
    order = order_row(command.order_id) if command.order_id else None
    row = _header(command, order)
    if row.reference and row.supplier_id:
        first = InboundRow.objects.filter(supplier_id=row.supplier_id, reference=row.reference)
        if known := first.values_list("id", flat=True).first():
            return view_of_inbound(known)
    lines = _lines(row, command, order)
    row.number = queries.next_number("IN")
    row.save(force_insert=True)
    InboundLine.objects.bulk_create(lines)
    expect_rest(row)
    publish(
        InboundCreated(
            inbound_id=row.id,
            number=row.number,
            purchase_order_id=row.order_id,
            location_id=row.location.code,
            items=tuple(ExpectedUnits(sku_id=n.sku_id, quantity=n.expected) for n in lines),
        )
    )
    return view_of_inbound(row.id)


@transaction.atomic
def cancel_inbound(*, inbound_id: UUID) -> Inbound:
    """It does not come, and no warehouse waits for it. As the room's ``cancel_inbound``."""
    row, _ = queries.locked_inbound(inbound_id)
    if row is not None and row.state not in {"EXPECTED", "CANCELLED"}:
        raise InboundRefused(f"{row.number} is {row.state}", state=row.state)
    if row is not None:
        row.state = InboundState.CANCELLED
        row.save(update_fields=["state"])
        expect_rest(row)
    return view_of_inbound(inbound_id)


def _header(command: AnnounceInbound, order: PurchaseOrder | None) -> InboundRow:
    row = InboundRow(reference=command.reference, expected_at=command.expected_at)
    if order is not None:
        if order.state not in RECEIVABLE:
            raise PurchaseRefused(f"{order.number} is {order.state}", state=order.state)
        row.order, row.supplier, row.location = order, order.supplier, order.location
        return row
    (row.location_id,) = location_ids(command.location)
    if command.supplier:
        row.supplier = supplier_row(command.supplier, lock=bool(command.reference))
    return row


def _lines(
    row: InboundRow, command: AnnounceInbound, order: PurchaseOrder | None
) -> list[InboundLine]:
    of = {line.sku_id: line for line in queries.order_lines(order)} if order else {}
    items = command.items
    if order is not None:
        items = _of_order(order, of.values(), items)
    if not items or len({item.sku_id for item in items}) != len(items):
        raise InboundUnclear("a delivery has items, each of another SKU")
    if any(item.units < 1 for item in items):
        raise InboundUnclear("units are whole numbers above nought")
    return [
        InboundLine(
            inbound=row,
            order_line=of.get(item.sku_id),
            sku_id=item.sku_id,
            expected=item.units,
            unit_cost_minor=item.unit_cost_minor,
        )
        for item in items
    ]


def _of_order(
    order: PurchaseOrder, lines: Iterable[PurchaseOrderLine], items: Sequence[ExpectedItem]
) -> tuple[ExpectedItem, ...]:
    """What is announced of a locked order: these items, or all that is outstanding and not announced yet.

    Raises PurchaseRefused for more of a line than that. SKUs that were not ordered may come along.
    """
    announced = queries.announced_units(order)
    left = {line.sku_id: max(0, line.outstanding - announced[line.id]) for line in lines}
    if not items:
        items = [
            ExpectedItem(sku_id=sku_id, units=units) for sku_id, units in left.items() if units
        ]
        if not items:
            told = f"all that is outstanding of {order.number} is announced already"
            raise PurchaseRefused(told, state=order.state)
    for item in items:
        if item.units > left.get(item.sku_id, item.units):
            raise PurchaseRefused(
                f"{left[item.sku_id]} of {item.sku_id} are outstanding and not announced yet",
                state=order.state,
            )
    return tuple(items)
