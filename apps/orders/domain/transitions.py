"""Which way an order may go, and until when it can be called off."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where an order stands."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    PAID = "PAID"
    FULFILLED = "FULFILLED"
    COMPLETED = "COMPLETED"
    CANCELED = "CANCELED"


ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.CONFIRMED, Status.CANCELED}),
    Status.CONFIRMED: frozenset({Status.PAID, Status.CANCELED}),
    Status.PAID: frozenset({Status.FULFILLED, Status.CANCELED}),
    Status.FULFILLED: frozenset({Status.COMPLETED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELED: frozenset(),
}
"""The whole table: a pair that is not here is refused, by this module and by the database."""

CANCELABLE = tuple(status for status, targets in ALLOWED.items() if Status.CANCELED in targets)


def may_move(before: Status, after: Status) -> bool:
    """Is this step of an order's life declared?"""
    return after in ALLOWED[before]


def sources_of(after: Status) -> tuple[Status, ...]:
    """The states from which ``after`` can be reached in one step."""
    return tuple(before for before in Status if may_move(before, after))


def why_not_cancelable(status: Status, *, fulfilment_started: bool) -> str | None:
    """The reason why the order cannot be called off now, or None where it can."""
    if status == Status.CANCELED:
        return "the order is canceled already"
    if status not in CANCELABLE:
        return f"the order is {status.lower()} already"
    if fulfilment_started:
        return "the warehouse is at work on the order"
    return None
