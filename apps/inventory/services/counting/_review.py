"""The counts are in: what differs little is accepted, what differs much is held and waits for a person."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.counting import is_large
from apps.inventory.errors import NothingToCount, UncountedSku
from apps.inventory.events import CountReportReady, CountVariance
from apps.inventory.models import CountLine, CountSession
from apps.inventory.queries.counting import DIFFERS
from apps.inventory.services._hold_from_sale import hold_all, lift_all
from apps.inventory.services.counting._read import get_count, locked, told
from apps.inventory.services.counting._start import none_found
from apps.inventory.types import Count, CountDecision
from ecommerce.events import publish_many

_BATCH = 1_000


@transaction.atomic
def review_count(*, count_id: UUID, missing_is_none: bool = False, now: datetime) -> Count:
    """Close the noting of counts. Lines without a variance are accepted, and so are those below the
    session's thresholds; above them the SKU is held from sale until somebody decides.

    A session without thresholds has every variance decided on. Lines that nobody counted stay as
    they are; with ``missing_is_none`` what was not found counts as none. Raises NoCount, CountClosed,
    NothingToCount where nothing was counted.
    """
    session = locked(count_id, "OPEN")
    lines = CountLine.objects.filter(session=session)
    if missing_is_none:
        none_found(session, now)
    if not lines.filter(counted__isnull=False).exists():
        raise NothingToCount("Nobody has counted anything yet.")
    lines.filter(variance=0, swapped=0).update(decision="accepted")
    has_thresholds = session.hold_units is not None or session.hold_percent is not None
    facts: list[object] = []
    varying = lines.filter(DIFFERS).order_by("sku_id")
    held: list[CountLine] = []
    small: list[int] = []
    for line in varying.iterator(chunk_size=_BATCH):
        large = has_thresholds and _is_large(line, session)
        held += [line] if large else []
        small += [line.id] if has_thresholds and not large else []
        facts.append(_variance(line, session, held=large))
    lines.filter(id__in=small).update(decision="accepted")
    lines.filter(id__in=[line.id for line in held]).update(held=True)
    hold_all(
        [(line.sku_id, line.location_id) for line in held],
        [told(line) for line in held],
        reference=str(session.id),
        actor=session.opened_by,
    )
    session.status, session.reviewed_at = CountSession.Status.REVIEW, now
    session.save(update_fields=["status", "reviewed_at"])
    count = get_count(count_id=count_id)
    publish_many([*facts, _report(count)])
    return count


@transaction.atomic
def decide_count(
    *, count_id: UUID, decisions: Mapping[UUID, CountDecision], actor: str, now: datetime
) -> Count:
    """Accept lines to be booked, have them counted again, or reject the counts: the ledger is right.

    A rejected line lifts its hold. Raises NoCount, CountClosed, UncountedSku for a SKU without a
    count on this list that is still to be booked.
    """
    session = locked(count_id, "REVIEW")
    lines = {
        line.sku_id: line
        for line in CountLine.objects.filter(
            session=session, open=True, movement_id=None, counted__isnull=False,
            sku_id__in=list(decisions),
        )
    }  # fmt: skip
    missing = sorted(str(sku_id) for sku_id in decisions if sku_id not in lines)
    if missing:
        raise UncountedSku("There is no count of these to decide on.", sku_ids=missing)
    for sku_id, decision in decisions.items():
        lines[sku_id].decision, lines[sku_id].decided_by = decision, actor
        lines[sku_id].refusal = ""
    CountLine.objects.bulk_update(
        lines.values(), ["decision", "decided_by", "refusal"], batch_size=_BATCH
    )
    release_holds(
        [line for line in lines.values() if line.decision == "rejected"], actor=actor, now=now
    )
    return get_count(count_id=count_id)


def release_holds(lines: Collection[CountLine], *, actor: str, now: datetime) -> None:
    """Let be sold again what was held because of these lines, which are of one count."""
    held = [line for line in lines if line.held]
    if not held:
        return
    places = [(line.sku_id, line.location_id) for line in held]
    lift_all(places, actor=actor, now=now, reference=str(held[0].session_id))
    CountLine.objects.filter(id__in=[line.id for line in held]).update(held=False)


def _is_large(line: CountLine, session: CountSession) -> bool:
    return is_large(
        line.off,
        line.expected or 0,
        hold_units=session.hold_units,
        hold_percent=session.hold_percent,
    )


def _variance(line: CountLine, session: CountSession, *, held: bool) -> CountVariance:
    return CountVariance(
        reconciliation_id=session.id,
        sku_id=line.sku_id,
        location_id=session.location.code,
        expected=line.expected or 0,
        counted=line.counted or 0,
        variance=line.variance or 0,
        held=held,
        swapped=line.swapped,
    )


def _report(count: Count) -> CountReportReady:
    return CountReportReady(
        reconciliation_id=count.id,
        location_id=count.location,
        lines=count.lines,
        counted=count.counted,
        with_variance=count.with_variance,
        units_missing=count.units_missing,
        units_found=count.units_found,
    )
