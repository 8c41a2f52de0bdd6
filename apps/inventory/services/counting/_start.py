"""Open a count and note what is found."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.inventory.errors import CountedElsewhere, NothingToCount
from apps.inventory.models import CountSession
from apps.inventory.queries import counting
from apps.inventory.services._write import location_ids
from apps.inventory.services.counting._read import get_count, locked
from apps.inventory.types import Count, ShelfCount, StartCount


@transaction.atomic
def start_count(command: StartCount, *, now: datetime) -> Count:
    """Put on a list what is to count. What another open count has on its list is left to that one.

    Raises UnknownLocation, NothingToCount where nothing is due.
    """
    (location_id,) = location_ids(command.location)
    session = CountSession.objects.create(
        location_id=location_id,
        scope=command.scope,
        abc_class=command.abc_class,
        blind=command.blind,
        hold_units=command.hold_units,
        hold_percent=command.hold_percent,
        note=command.note,
        opened_by=command.actor,
        opened_at=now,
    )
    lines = counting.put_lines(
        session_id=session.id,
        location_id=location_id,
        scope=command.scope,
        sku_ids=command.sku_ids,
        abc_class=command.abc_class,
        limit=command.limit,
        now=now,
    )
    if not lines:
        raise NothingToCount("Nothing is due there, or another open count has it all on its list.")
    return get_count(count_id=session.id)


def note_counts(
    *, count_id: UUID, counts: Sequence[ShelfCount], actor: str, now: datetime
) -> Count:
    """Note what lies on the shelf, beside what the ledger says now. The last word on a SKU counts.

    A SKU that was not on the list is put there: it was found. In review, a new count of a line takes
    its decision back. Raises NoCount, CountClosed, CountedElsewhere.
    """
    try:
        with transaction.atomic():
            session = locked(count_id, "OPEN", "REVIEW")
            counting.note(
                session_id=session.id,
                location_id=session.location_id,
                counts=list({one.sku_id: one for one in counts}.values()),
                actor=actor,
                now=now,
            )
    except IntegrityError as error:
        raise CountedElsewhere("One of them is on the list of another open count.") from error
    return get_count(count_id=count_id)
