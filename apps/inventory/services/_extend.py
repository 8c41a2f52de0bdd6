"""Let a hold run longer, for a shopper who is still there."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import NoReservation, ReservationClosed, ReservationExpired
from apps.inventory.queries import holding, reading
from apps.inventory.types import Reservation

LONGEST = timedelta(days=7)
"""From the moment it was made, however often it is extended."""


@transaction.atomic(savepoint=False)
def extend_reservation(*, reservation_id: UUID, seconds: int, now: datetime) -> Reservation:
    """Hold on for so many seconds from ``now``, never shorter than before, never beyond a week in all.

    Repeating it changes nothing more than time does. Raises NoReservation, ReservationClosed where it is
    no soft hold any more, ReservationExpired where it has run out: it counts for nobody since.
    """
    until = now + timedelta(seconds=seconds)
    extended = holding.extend(reservation_id=reservation_id, now=now, until=until, cap=LONGEST)
    found = reading.reservation(id=reservation_id)
    if found is None:
        raise NoReservation(f"no reservation {reservation_id}")
    if extended:
        return found
    if found.status in {"RESERVED", "EXPIRED"}:
        raise ReservationExpired("the hold has run out", lines=[])
    raise ReservationClosed(f"the reservation is {found.status}", status=found.status)
