"""Book what was accepted, line by line, or leave everything as it is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import CountUndecided
from apps.inventory.events import CountApplied
from apps.inventory.models import CountLine, CountSession, StockHold
from apps.inventory.queries.counting import DIFFERS
from apps.inventory.services._hold_from_sale import lift_all
from apps.inventory.services.counting._book import book
from apps.inventory.services.counting._read import get_count, locked
from apps.inventory.services.counting._review import release_holds
from apps.inventory.types import Applied, Count
from ecommerce.events import publish_many

_BATCH = 500


def apply_count(*, count_id: UUID, actor: str, now: datetime) -> Applied:
    """Book the accepted differences, in batches; what is cut off goes on where it stopped when repeated.

    A difference that the stock does not allow, because more is promised to orders than would be left,
    is refused with the reason and the count stays in review; its SKU stays held. The count is over
    when every line is booked or was rejected. Raises NoCount, CountClosed, CountUndecided.
    """
    booked = refused = 0
    with transaction.atomic():
        locked(count_id, "REVIEW")
        undecided = _varying(count_id).filter(decision__in=("pending", "recount")).count()
        if undecided:
            raise CountUndecided(f"{undecided} lines wait for a decision.", undecided=undecided)
    last = 0
    while True:
        with transaction.atomic():
            session = locked(count_id, "REVIEW", "APPLIED")
            lines = list(
                _varying(count_id)
                .filter(id__gt=last, decision="accepted", movement_id=None, open=True)
                .order_by("id")[:_BATCH]
            )
            if not lines:
                break
            last = lines[-1].id
            fits = book(session, lines, actor)
            release_holds(fits, actor=actor, now=now)
            booked += len(fits)
            refused += len(lines) - len(fits)
    return Applied(count=_finish(count_id, booked, actor, now), booked=booked, refused=refused)


@transaction.atomic
def cancel_count(*, count_id: UUID, actor: str, now: datetime) -> Count:
    """Call a count off: nothing more is booked, and what it held can be sold. Raises NoCount, CountClosed."""
    session = locked(count_id, "OPEN", "REVIEW")
    release_holds(list(CountLine.objects.filter(session=session, held=True)), actor=actor, now=now)
    _close(session, CountSession.Status.CANCELLED, actor, now)
    return get_count(count_id=count_id)


def _varying(count_id: UUID):  # type: ignore[no-untyped-def]  # a queryset
    return CountLine.objects.filter(DIFFERS, session_id=count_id)


@transaction.atomic
def _finish(count_id: UUID, booked: int, actor: str, now: datetime) -> Count:
    session = locked(count_id, "REVIEW", "APPLIED")
    left = _varying(count_id).filter(movement_id=None).exclude(decision="rejected")
    if session.status == CountSession.Status.REVIEW and not left.exists():
        _let_be_sold(session, actor, now)
        _close(session, CountSession.Status.APPLIED, actor, now)
        count = get_count(count_id=count_id)
        publish_many(
            [
                CountApplied(
                    reconciliation_id=count.id,
                    location_id=count.location,
                    booked=count.applied,
                    units_missing=count.units_missing,
                    units_found=count.units_found,
                )
            ]
        )
        return count
    return get_count(count_id=count_id)


def _let_be_sold(session: CountSession, actor: str, now: datetime) -> None:
    """Somebody was at the shelves. What was counted anew and found right is held no longer, nor is what
    a short pick held; what a person held stays so.
    """
    lines = CountLine.objects.filter(session=session)
    release_holds(list(lines.filter(held=True)), actor=actor, now=now)
    counted = lines.filter(counted__isnull=False).values("sku_id")
    holds = StockHold.objects.filter(
        location_id=session.location_id, lifted_at=None, sku_id__in=counted
    ).exclude(reference="")
    lift_all(list(holds.values_list("sku_id", "location_id")), actor=actor, now=now)


def _close(session: CountSession, status: str, actor: str, now: datetime) -> None:
    CountLine.objects.filter(session=session).update(open=False)
    session.status, session.closed_by, session.closed_at = status, actor, now
    session.save(update_fields=["status", "closed_by", "closed_at"])
