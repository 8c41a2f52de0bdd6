"""Write a purchase order down."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.landed import MOST_MINOR
from apps.inventory.errors import LevelChanged, PurchaseRefused, PurchaseUnclear
from apps.inventory.models import PurchaseCost, PurchaseOrderLine, Supplier, SupplierTerm
from apps.inventory.models import PurchaseOrder as OrderRow
from apps.inventory.queries import purchasing as queries
from apps.inventory.services._write import location_ids
from apps.inventory.services.purchasing._find import order_row, view_of_order
from apps.inventory.services.purchasing._suppliers import supplier_row
from apps.inventory.types import DraftOrder, OrderItem, PurchaseOrder
from ecommerce.dimensions import CURRENCY


@transaction.atomic
def draft_purchase_order(command: DraftOrder) -> PurchaseOrder:
    """Write an order down as DRAFT, with a number of its own.

    Raises UnknownSupplier, UnknownLocation, and PurchaseUnclear where it has no lines, a SKU twice,
    fewer units than the supplier sells, or no cost for one.
    """
    supplier = supplier_row(command.supplier)
    row = OrderRow(number=queries.next_number("PO"), author=command.author)
    _fill(row, command, supplier)
    return view_of_order(row.id)


@transaction.atomic
def revise_purchase_order(
    *, order_id: UUID, command: DraftOrder, expected_version: int | None = None
) -> PurchaseOrder:
    """Write a draft anew. Raises as ``draft_purchase_order``, PurchaseRefused once it is approved, LevelChanged
    where it is not at ``expected_version``."""
    row = order_row(order_id)
    if row.state != "DRAFT":
        raise PurchaseRefused(f"{row.number} is {row.state}", state=row.state)
    if expected_version is not None and row.version != expected_version:
        raise LevelChanged(f"the order is at version {row.version}")
    row.version += 1
    row.lines.all().delete()
    row.costs.all().delete()
    _fill(row, command, supplier_row(command.supplier))
    return view_of_order(row.id)


def _fill(row: OrderRow, command: DraftOrder, supplier: Supplier) -> None:
    terms = queries.terms(supplier, [item.sku_id for item in command.items])
    _check(command, supplier, terms)
    (row.location_id,) = location_ids(command.location)
    row.supplier = supplier
    row.currency = supplier.currency
    row.exchange_rate = command.exchange_rate
    row.expected_on = command.expected_on
    row.note = command.note
    row.save()
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            order=row,
            position=position,
            sku_id=item.sku_id,
            ordered=item.units,
            unit_cost_minor=_cost_of(item, terms),
        )
        for position, item in enumerate(command.items, start=1)
    )
    PurchaseCost.objects.bulk_create(
        PurchaseCost(order=row, kind=c.kind, amount_minor=c.amount_minor, split=c.split)
        for c in command.costs
    )


def _check(command: DraftOrder, supplier: Supplier, terms: Mapping[UUID, SupplierTerm]) -> None:
    if not supplier.active:
        raise PurchaseUnclear(f"nothing is bought of {supplier.code} any more")
    if not command.items or len({item.sku_id for item in command.items}) != len(command.items):
        raise PurchaseUnclear("an order has lines, each of another SKU")
    if command.currency not in {"", supplier.currency}:
        raise PurchaseUnclear(f"{supplier.code} is paid in {supplier.currency}")
    if command.exchange_rate <= 0:
        raise PurchaseUnclear("an exchange rate is above nought")
    if supplier.currency == CURRENCY and command.exchange_rate != Decimal(1):
        raise PurchaseUnclear(f"{CURRENCY} is the books' own currency: its rate is 1")
    for item in command.items:
        _check_item(item, terms.get(item.sku_id))
    total = sum(item.units * _cost_of(item, terms) for item in command.items)
    total += sum(cost.amount_minor for cost in command.costs)
    if total > MOST_MINOR or total * command.exchange_rate > MOST_MINOR:
        raise PurchaseUnclear("nobody pays for an order of that size")


def _check_item(item: OrderItem, term: SupplierTerm | None) -> None:
    if item.units < 1:
        raise PurchaseUnclear(f"{item.units} units of {item.sku_id} cannot be bought")
    if term is None:
        if item.unit_cost_minor is None:
            raise PurchaseUnclear(f"there is no cost for {item.sku_id}", sku_id=str(item.sku_id))
        return
    if item.units < term.minimum_units or item.units % term.pack_units:
        raise PurchaseUnclear(
            f"{item.sku_id} is sold in packs of {term.pack_units}, "
            f"{term.minimum_units} units at least",
            sku_id=str(item.sku_id),
            minimum_units=term.minimum_units,
            pack_units=term.pack_units,
        )


def _cost_of(item: OrderItem, terms: Mapping[UUID, SupplierTerm]) -> int:
    return (
        terms[item.sku_id].unit_cost_minor if item.unit_cost_minor is None else item.unit_cost_minor
    )
