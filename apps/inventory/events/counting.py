"""What counting the shelves brought to light. Keyed by SKU or by the count."""

from dataclasses import dataclass
from uuid import UUID

from ecommerce.events.registry import event


@event("ecommerce.inventory.reconciliation.variance.v1", key="sku_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CountVariance:
    """Another number of units lies there than the ledger says, or others. ``held``: not sold until decided.

    ``swapped`` are units of another lot or serial number than the ledger says.
    """

    reconciliation_id: UUID
    sku_id: UUID
    location_id: str
    expected: int
    counted: int
    variance: int
    held: bool
    swapped: int = 0


@event("ecommerce.inventory.reconciliation.report_ready.v1", key="reconciliation_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CountReportReady:
    """The counts are in and wait to be decided on."""

    reconciliation_id: UUID
    location_id: str
    lines: int
    counted: int
    with_variance: int
    units_missing: int
    units_found: int


@event("ecommerce.inventory.reconciliation.applied.v1", key="reconciliation_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CountApplied:
    """The differences that were accepted are in the ledger."""

    reconciliation_id: UUID
    location_id: str
    booked: int
    units_missing: int
    units_found: int
