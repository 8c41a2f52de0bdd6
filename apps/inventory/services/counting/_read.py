"""Reads of counts."""

from datetime import datetime
from uuid import UUID

from apps.inventory.errors import CountClosed, NoCount
from apps.inventory.models import CountLine, CountSession
from apps.inventory.queries import counting
from apps.inventory.services._write import location_ids
from apps.inventory.types import Count


def get_count(*, count_id: UUID) -> Count:
    """A count in numbers. Raises NoCount."""
    found = counting.counts([count_id])
    if count_id not in found:
        raise NoCount(f"no count {count_id}")
    return found[count_id]


def abc_classes(*, location: str, now: datetime) -> dict[UUID, str]:
    """The ABC class of each SKU that was shipped from a location within a year; all others are C."""
    (location_id,) = location_ids(location)
    return counting.abc_classes(location_id=location_id, now=now)


def locked(count_id: UUID, *allowed: str) -> CountSession:
    """The session, nobody else's until the transaction ends. Raises NoCount, CountClosed."""
    session = CountSession.objects.select_for_update().filter(id=count_id).first()
    if session is None:
        raise NoCount(f"no count {count_id}")
    if session.status not in allowed:
        raise CountClosed(f"The count is {session.status.lower()}.", status=session.status)
    return session


def told(line: CountLine) -> str:
    """A difference in words."""
    others = f", {line.swapped} others than the ledger says" if line.swapped else ""
    return f"counted {line.counted}, expected {line.expected}{others}"
