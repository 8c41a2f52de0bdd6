"""Reads of counts."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

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


def list_counts(
    *, status: str | None = None, location: str | None = None
) -> QuerySet[CountSession]:
    """The sessions, to be paged through."""
    rows = CountSession.objects.annotate(location_code=F("location__code"))
    if status:
        rows = rows.filter(status=status)
    return rows.filter(location__code=location) if location else rows


def count_lines(*, count_id: UUID, varying: bool = False) -> QuerySet[CountLine]:
    """A count's lines, or those with a variance, to be paged through. Raises NoCount."""
    if not CountSession.objects.filter(id=count_id).exists():
        raise NoCount(f"no count {count_id}")
    rows = CountLine.objects.filter(session_id=count_id)
    return rows.exclude(variance=0).filter(variance__isnull=False) if varying else rows


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
