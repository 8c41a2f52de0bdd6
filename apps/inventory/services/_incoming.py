"""Tell of units that are on their way: a transfer in transit, a purchase that was ordered."""

from collections.abc import Sequence

from django.db import transaction

from apps.inventory.errors import EmptyStockChange
from apps.inventory.queries import incoming
from apps.inventory.services._write import location_ids
from apps.inventory.types import IncomingChange


@transaction.atomic
def change_incoming(changes: Sequence[IncomingChange]) -> int:
    """Add to what levels expect, or take from it; says how many of the changes were new.

    What was told under its reference before changes nothing. Raises EmptyStockChange for a change of
    zero, UnknownLocation; the database refuses to expect less than nothing.
    """
    if not changes:
        return 0
    if any(change.delta == 0 for change in changes):
        raise EmptyStockChange("a change of zero is none")
    codes = sorted({change.location for change in changes})
    ids = dict(zip(codes, location_ids(*codes), strict=True))
    return incoming.change(
        [
            (change.sku_id, ids[change.location], change.seller, change.delta, change.reference)
            for change in sorted(changes, key=lambda change: change.reference)
        ]
    )


def expect_stock(changes: Sequence[IncomingChange]) -> int:
    """Units are on their way. As ``change_incoming``; raises EmptyStockChange where there are none."""
    if any(change.delta < 0 for change in changes):
        raise EmptyStockChange("units that are expected are more than none")
    return change_incoming(changes)


def arrive_stock(changes: Sequence[IncomingChange]) -> int:
    """Of the units on their way, these (``delta`` above zero) are so no longer: they came, or never will.

    What came is received besides, by the ledger. As ``change_incoming``.
    """
    if any(change.delta < 0 for change in changes):
        raise EmptyStockChange("units that arrive are more than none")
    return change_incoming([_less(change) for change in changes])


def _less(change: IncomingChange) -> IncomingChange:
    return IncomingChange(
        sku_id=change.sku_id,
        delta=-change.delta,
        reference=change.reference,
        location=change.location,
        seller=change.seller,
    )
