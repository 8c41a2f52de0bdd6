"""A call for an order that has a hold: the same again, or another one."""

from collections.abc import Mapping
from uuid import UUID

from apps.inventory.domain.order_lines import differences
from apps.inventory.errors import ReservationDiffers
from apps.inventory.queries import reading
from apps.inventory.types import Reservation, ReserveStock


def first_reservation(command: ReserveStock, wanted: Mapping[UUID, int]) -> Reservation:
    """What the order holds, which a repeat of the call that made it is answered with.

    Raises ReservationDiffers where other units are asked for, or all of what was taken in part.
    """
    first, asked = reading.first_hold(command.order_id)
    if asked is not None and (items := differences(asked, wanted)):
        raise ReservationDiffers("The order's first call asked for something else.", items=items)
    if first.short and not command.allow_partial:
        got = {one.sku_id: one.available for one in first.short}
        all_of_it = {one.sku_id: one.requested for one in first.short}
        raise ReservationDiffers(
            "The order's first call took a part, and this one wants all.",
            items=differences(got, all_of_it),
        )
    return first
