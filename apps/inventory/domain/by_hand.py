"""What a movement by hand does to units on hand and to those that cannot be sold."""

from apps.inventory.errors import EmptyStockChange
from apps.inventory.types import MovementType


def deltas_of(kind: MovementType, quantity: int, *, damaged: bool) -> tuple[int, int]:
    """The changes of on-hand and of damaged units. Raises EmptyStockChange."""
    if quantity == 0 or (quantity < 0 and kind != "adjustment"):
        raise EmptyStockChange(f"{quantity} units are nothing to record")
    if kind == "damage":
        return -quantity, quantity
    signed = -quantity if kind == "scrap" else quantity
    return (0, signed) if damaged else (signed, 0)
