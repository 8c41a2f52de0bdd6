"""From whom the shop buys, and on which terms."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from apps.inventory.errors import PurchaseUnclear, SupplierExists, UnknownSupplier
from apps.inventory.models import Supplier as SupplierRow
from apps.inventory.models import SupplierTerm
from apps.inventory.queries import purchasing as queries
from apps.inventory.types import SaveSupplier, Supplier, Term


@transaction.atomic
def create_supplier(command: SaveSupplier) -> Supplier:
    """Make a supplier. Raises SupplierExists where the code is taken."""
    _, made = SupplierRow.objects.get_or_create(code=command.code)
    if not made:
        raise SupplierExists(f"there is a supplier {command.code!r}")
    return save_supplier(command)


@transaction.atomic
def save_supplier(command: SaveSupplier) -> Supplier:
    """Make a supplier, or change the one of that code. A repeat changes nothing."""
    if command.lead_time_days < 0 or command.lead_time_spread_days < 0:
        raise PurchaseUnclear("a lead time is not negative")
    values = asdict(command)
    row, _ = SupplierRow.objects.update_or_create(code=values.pop("code"), defaults=values)
    return queries.supplier_view(row)


@transaction.atomic
def save_terms(*, supplier: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Set what a supplier asks for SKUs; terms of other SKUs stay. Who becomes preferred displaces who was.

    Raises UnknownSupplier, PurchaseUnclear where a SKU is named twice.
    """
    if len({term.sku_id for term in terms}) != len(terms):
        raise PurchaseUnclear("a SKU is named twice")
    row = supplier_row(supplier, lock=True)
    queries.lock_terms()
    saved = []
    for term in sorted(terms, key=lambda term: term.sku_id):
        if term.preferred:
            SupplierTerm.objects.filter(sku_id=term.sku_id, preferred=True).exclude(
                supplier=row
            ).update(preferred=False)
        values = asdict(term)
        kept, _ = SupplierTerm.objects.update_or_create(
            supplier=row, sku_id=values.pop("sku_id"), defaults=values
        )
        saved.append(queries.term_view(kept))
    return tuple(saved)


def get_supplier(*, code: str) -> Supplier:
    """A supplier by its code. Raises UnknownSupplier."""
    return queries.supplier_view(supplier_row(code))


def supplier_row(code: str, *, lock: bool = False) -> SupplierRow:
    """The row of a supplier. Raises UnknownSupplier."""
    rows = SupplierRow.objects.select_for_update() if lock else SupplierRow.objects.all()
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownSupplier(f"no supplier {code!r}")
    return row
