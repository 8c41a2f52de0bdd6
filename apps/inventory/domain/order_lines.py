"""What an order asks for, made ready to be taken in one order of locks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from apps.inventory.domain.planning import Demand
from apps.inventory.errors import EmptyStockChange
from apps.inventory.types import StockLine


def merged(lines: Iterable[StockLine]) -> dict[UUID, int]:
    """Units per SKU, in SKU order. Raises EmptyStockChange where there is nothing to take."""
    wanted: Counter[UUID] = Counter()
    for line in lines:
        if line.quantity < 1:
            raise EmptyStockChange(f"{line.quantity} units of {line.sku_id} cannot be taken")
        wanted[line.sku_id] += line.quantity
    if not wanted:
        raise EmptyStockChange("there is no line to take")
    return dict(sorted(wanted.items()))


def demands_of(lines: Iterable[StockLine]) -> tuple[Demand, ...]:
    """The same with where each line is to come from; lines that agree on it are added up."""
    wanted: Counter[tuple[UUID, tuple[str, ...], bool]] = Counter()
    for line in lines:
        wanted[line.sku_id, line.locations, line.only] += line.quantity
    return tuple(
        Demand(sku_id=sku_id, quantity=quantity, locations=locations, only=only)
        for (sku_id, locations, only), quantity in sorted(wanted.items())
    )


def differences(first: Mapping[UUID, int], now: Mapping[UUID, int]) -> list[dict[str, str | int]]:
    """Where two calls for one order ask for different units: of which SKUs, how many first and how many now."""
    return [
        {"skuId": str(sku_id), "first": first.get(sku_id, 0), "now": now.get(sku_id, 0)}
        for sku_id in sorted(first.keys() | now.keys())
        if first.get(sku_id, 0) != now.get(sku_id, 0)
    ]
