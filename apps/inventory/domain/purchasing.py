"""Which way a purchase order, an inbound and a discrepancy may go."""

from collections.abc import Mapping
from enum import StrEnum


class OrderState(StrEnum):
    """How far a purchase order has come."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    SENT = "SENT"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class InboundState(StrEnum):
    """How far a delivery has come."""

    EXPECTED = "EXPECTED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"
    CANCELLED = "CANCELLED"


class Difference(StrEnum):
    """How a delivery differs from what was expected."""

    OVER = "OVER"
    UNDER = "UNDER"
    DAMAGED = "DAMAGED"


class Settled(StrEnum):
    """What became of a difference: OPEN until somebody decides."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    CREDITED = "CREDITED"
    RECOUNTED = "RECOUNTED"


class Disposal(StrEnum):
    """What becomes of broken units that lie in the house once their difference is settled."""

    SCRAP = "scrap"
    RETURN = "return"
    KEEP = "keep"


class Reason(StrEnum):
    """Why broken units of a delivery enter or leave what is damaged, as the ledger says it."""

    RECEIVED_BROKEN = "received broken"
    FOUND_WHOLE = "found whole"
    FOUND_BROKEN = "found broken"
    SCRAPPED = "scrapped"
    SENT_BACK = "returned to the supplier"
    COUNTED_AGAIN = "counted again"


ORDER_STEPS: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.DRAFT: frozenset({OrderState.APPROVED, OrderState.CANCELLED}),
    OrderState.APPROVED: frozenset({OrderState.SENT, OrderState.CANCELLED}),
    OrderState.SENT: frozenset(
        {OrderState.PARTIALLY_RECEIVED, OrderState.CLOSED, OrderState.CANCELLED}
    ),
    OrderState.PARTIALLY_RECEIVED: frozenset({OrderState.CLOSED}),
    OrderState.CLOSED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
"""The whole table: a pair that is not here is refused, by this module and by the database."""

RECEIVABLE = frozenset({OrderState.SENT, OrderState.PARTIALLY_RECEIVED})
ON_ORDER = frozenset({OrderState.APPROVED, OrderState.SENT, OrderState.PARTIALLY_RECEIVED})
INBOUND_OPEN = frozenset({InboundState.EXPECTED, InboundState.PARTIALLY_RECEIVED})


def may_step(before: OrderState, after: OrderState) -> bool:
    """Is this step of a purchase order declared?"""
    return after in ORDER_STEPS[before]
