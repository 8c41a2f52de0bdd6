"""How an order becomes a parcel."""

from collections.abc import Iterable

UNKNOWN_WEIGHT_GRAMS = 500
"""What a SKU of unknown weight is taken to weigh: half a kilogram, so that it never ships as free air."""
PACKAGING_GRAMS = 50


def weight_of(lines: Iterable[tuple[int | None, int]]) -> int:
    """The goods' weight in grams, from (weight of one or None, quantity) pairs."""
    return sum((UNKNOWN_WEIGHT_GRAMS if grams is None else grams) * n for grams, n in lines)


def parcel_weight(goods_grams: int) -> int:
    """The weight that the carrier is told: the goods and what they are packed in."""
    return goods_grams + PACKAGING_GRAMS
