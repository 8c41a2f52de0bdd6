"""Which way each kind of movement goes."""

from apps.inventory.errors import EmptyStockChange, WrongDirection
from ecommerce.errors import Fault

ARRIVING = frozenset({"opening", "receipt", "return", "transfer_in"})
LEAVING = frozenset({"pick", "scrap", "shipment", "transfer_out"})
"""What is in neither, a count, an adjustment or a kit, goes either way. Damage leaves what is on hand
and arrives among what is damaged."""


def refusal_of(kind: str, delta: int, damaged: int = 0) -> EmptyStockChange | WrongDirection | None:
    """Why the ledger takes no such entry: a receipt of less than nothing would be a loss in disguise."""
    if delta == 0 and damaged == 0:
        return EmptyStockChange("a change of zero is none")
    if kind in ARRIVING and min(delta, damaged) < 0:
        return _wrong(f"A {kind} adds units, it takes none away.")
    if kind in LEAVING and max(delta, damaged) > 0:
        return _wrong(f"A {kind} takes units away, it adds none.")
    if kind == "damage" and (delta > 0 or delta + damaged != 0):
        return _wrong("What is damaged was on hand before, and lies there still.")
    return None


def _wrong(detail: str) -> WrongDirection:
    return WrongDirection(detail, faults=[Fault(pointer="/delta", detail=detail, code="sign")])
