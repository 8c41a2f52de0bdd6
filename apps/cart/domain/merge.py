"""How two carts become one."""

from collections.abc import Mapping
from uuid import UUID

from apps.cart.types import MAX_LINES, MAX_QUANTITY, MergedLine

SUM = "sum"
PREFER_AUTH = "preferAuth"


def merged_lines(
    mine: Mapping[UUID, int], guests: Mapping[UUID, int], *, strategy: str
) -> tuple[MergedLine, ...]:
    """What each of the guest's SKUs comes to in the customer's cart.

    ``sum`` adds quantities up to the limit of a line; ``preferAuth`` leaves what the customer has as it
    is. What does not fit because the cart is full comes to 0. ``capped`` says that units were left out.
    """
    room = MAX_LINES - len(mine)
    lines = []
    for sku_id in sorted(guests):
        if sku_id not in mine:
            room -= 1
        quantity = _quantity(
            mine.get(sku_id, 0), guests[sku_id], strategy, fits=room >= 0 or sku_id in mine
        )
        lines.append(
            MergedLine(
                sku_id=sku_id,
                guest_quantity=guests[sku_id],
                quantity=quantity,
                capped=strategy == SUM and quantity < mine.get(sku_id, 0) + guests[sku_id],
            )
        )
    return tuple(lines)


def _quantity(mine: int, guests: int, strategy: str, *, fits: bool) -> int:
    if not fits:
        return 0
    if mine and strategy == PREFER_AUTH:
        return mine
    return min(mine + guests, MAX_QUANTITY)
