"""Open a count and note what is found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.inventory.domain.counting import told_apart
from apps.inventory.errors import CountedElsewhere, LotRequired, LotShort, NothingToCount
from apps.inventory.models import CountSession
from apps.inventory.queries import count_units, counting
from apps.inventory.queries.lots import tracking_of
from apps.inventory.services._write import location_ids
from apps.inventory.services.counting._read import get_count, locked
from apps.inventory.types import Count, ShelfCount, StartCount, Tracking


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
    its decision back. Where units are told apart, each lot or number that lies there is named, and what is
    not named is missing. Raises NoCount, CountClosed, CountedElsewhere, LotRequired, SerialRequired,
    CountedOtherwise, and LotShort where a lot or number is known otherwise.
    """
    last = {one.sku_id: one for one in counts}
    try:
        with transaction.atomic():
            session = locked(count_id, "OPEN", "REVIEW")
            apart = _told_apart(session, last)
            noted = counting.note(
                session_id=session.id,
                location_id=session.location_id,
                counts=list(last.values()),
                actor=actor,
                now=now,
            )
            _put_units(session, noted & apart.keys(), [apart[sku] for sku in apart if sku in noted])
    except IntegrityError as error:
        raise CountedElsewhere("One of them is on the list of another open count.") from error
    return get_count(count_id=count_id)


def none_found(session: CountSession, now: datetime) -> None:
    """Of what nobody counted, nothing lies there: no unit, of no lot and no number."""
    apart = count_units.uncounted(session.id)
    if apart:
        count_units.lock(apart, session.location_id)
    counting.none_found(session_id=session.id, now=now)
    _put_units(session, apart, [])


def _told_apart(session: CountSession, counts: Mapping[UUID, ShelfCount]) -> dict[UUID, ShelfCount]:
    """The counts of SKUs whose units are told apart, their levels being locked."""
    tracked = tracking_of(counts.keys())
    plain = Tracking(sku_id=session.id)
    checked = {sku: told_apart(one, tracked.get(sku, plain)) for sku, one in counts.items()}
    apart = {sku: checked[sku] for sku in tracked}
    if apart:
        count_units.lock(apart, session.location_id)
        if known := count_units.otherwise(list(apart.values())):
            raise LotShort(known)
    return apart


def _put_units(
    session: CountSession, noted: Collection[UUID], counts: Sequence[ShelfCount]
) -> None:
    if not noted:
        return
    count_units.put(
        session_id=session.id, location_id=session.location_id, noted=noted, counts=counts
    )
    with_lots = {sku for sku, how in tracking_of(noted).items() if how.lots}
    if number := count_units.without_lot(session.id, with_lots):
        raise LotRequired(f"nobody knows which lot {number} is of")
