"""Which way each kind of movement goes."""

from apps.inventory.errors import EmptyStockChange, WrongDirection
from ecommerce.errors import Fault

ARRIVING = frozenset({"opening", "receipt", "return", "transfer_in"})
LEAVING = frozenset({"damage", "shipment", "transfer_out"})
"""What is in neither, a count or an adjustment, goes either way."""


def refusal_of(kind: str, delta: int) -> EmptyStockChange | WrongDirection | None:
    """Why the ledger takes no such entry: a receipt of less than nothing would be a loss in disguise."""
    if delta == 0:
        return EmptyStockChange("a change of zero is none")
    if kind in ARRIVING and delta < 0:
        return _wrong(f"A {kind} adds units, it takes none away.")
    if kind in LEAVING and delta > 0:
        return _wrong(f"A {kind} takes units away, it adds none.")
    return None


def _wrong(detail: str) -> WrongDirection:
    return WrongDirection(detail, faults=[Fault(pointer="/delta", detail=detail, code="sign")])
