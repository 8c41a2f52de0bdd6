"""Which way a fulfilment may go."""

from collections.abc import Mapping
from enum import StrEnum


class FulfilmentState(StrEnum):
    """Where the warehouse is with an order."""

    REQUESTED = "REQUESTED"
    PICKING = "PICKING"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELED = "CANCELED"


ALLOWED: Mapping[FulfilmentState, frozenset[FulfilmentState]] = {
    FulfilmentState.REQUESTED: frozenset({FulfilmentState.PICKING, FulfilmentState.CANCELED}),
    FulfilmentState.PICKING: frozenset({FulfilmentState.PACKED, FulfilmentState.CANCELED}),
    FulfilmentState.PACKED: frozenset({FulfilmentState.SHIPPED, FulfilmentState.CANCELED}),
    FulfilmentState.SHIPPED: frozenset({FulfilmentState.DELIVERED}),
    FulfilmentState.DELIVERED: frozenset(),
    FulfilmentState.CANCELED: frozenset(),
}
"""The whole table: a pair that is not here is refused, by this module and by the database."""


def may_move(before: FulfilmentState, after: FulfilmentState) -> bool:
    """Is this step of a fulfilment declared?"""
    return after in ALLOWED[before]
