"""Reads and the guarded writes of jobs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import F, Q, QuerySet

from ecommerce.jobs.models import Job, JobRowError
from ecommerce.jobs.types import CANCELLED, QUEUED, RUNNING, JobView, RowError

VIEW_FIELDS = (
    "id", "kind", "state", "owner_id", "params", "total", "done", "refused", "cancel_requested",
    "error_code", "error_detail", "result_name", "created_at", "started_at", "heartbeat_at", "finished_at",
)  # fmt: skip


def view_of(row: Mapping[str, Any]) -> JobView:
    return JobView(**{name: row[name] for name in VIEW_FIELDS})


def job_view(job_id: UUID) -> JobView | None:
    row = Job.objects.filter(id=job_id).values(*VIEW_FIELDS).first()
    return None if row is None else view_of(row)


def claim(job_id: UUID, *, now: datetime, stale_after: timedelta) -> Job | None:
    """Take up a job that waits, or whose taker has gone silent. At most one caller gets it."""
    free = Q(state=QUEUED) | Q(state=RUNNING, heartbeat_at__lte=now - stale_after)
    taken = Job.objects.filter(free, id=job_id).update(
        state=RUNNING, run=F("run") + 1, stalls=F("stalls") + 1, heartbeat_at=now
    )
    return Job.objects.get(id=job_id) if taken else None


# One statement saves the checkpoint and hears whether to stop; no row means that the job is another's.
_ADVANCE = """
UPDATE jobs_job SET done = %s, total = coalesce(%s, total), refused = %s, checkpoint = %s,
    heartbeat_at = %s, stalls = 0
WHERE id = %s AND run = %s AND state = 'RUNNING'
RETURNING cancel_requested
"""


def advance(
    job_id: UUID,
    *,
    run: int,
    done: int,
    total: int | None,
    refused: int,
    checkpoint: Mapping[str, Any],
    now: datetime,
) -> bool | None:
    """Save how far the job is. Whether to stop, or None where the job is not this run's any more."""
    saved = orjson.dumps(checkpoint).decode()
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [done, total, refused, saved, now, job_id, run])
        row = cursor.fetchone()
    return None if row is None else bool(row[0])


def add_row_errors(job_id: UUID, errors: Sequence[RowError]) -> None:
    JobRowError.objects.bulk_create(
        [
            JobRowError(
                job_id=job_id,
                row=error.row,
                pointer=error.pointer[:300],
                code=error.code[:100],
                detail=error.detail[:1000],
            )
            for error in errors
        ]
    )


def row_errors(job_id: UUID) -> "QuerySet[JobRowError]":
    return JobRowError.objects.filter(job_id=job_id)


def beat(job_id: UUID, *, run: int, now: datetime) -> bool:
    """Say that the run lives. False where the job is not its any more."""
    mine = Job.objects.filter(id=job_id, run=run, state=RUNNING)
    return bool(mine.update(heartbeat_at=now))


def release(job_id: UUID, *, run: int) -> None:
    """Give a job back to be taken up again."""
    Job.objects.filter(id=job_id, run=run, state=RUNNING).update(state=QUEUED)


def finish(job_id: UUID, *, run: int, state: str, now: datetime, **facts: Any) -> bool:
    """End a job. False where it is not this run's any more."""
    mine = Job.objects.filter(id=job_id, run=run, state=RUNNING)
    return bool(mine.update(state=state, finished_at=now, heartbeat_at=now, **facts))


def cancel_waiting(job_id: UUID, *, now: datetime) -> bool:
    """Cancel at once what nobody has taken up."""
    waiting = Job.objects.filter(id=job_id, state=QUEUED)
    return bool(waiting.update(state=CANCELLED, cancel_requested=True, finished_at=now))


def ask_to_cancel(job_id: UUID) -> bool:
    return bool(Job.objects.filter(id=job_id, state=RUNNING).update(cancel_requested=True))


def waiting_or_silent(*, now: datetime, stale_after: timedelta, limit: int) -> list[UUID]:
    """Jobs that a worker should take up: those whose wake-up was lost, and those whose worker was."""
    missed = Q(state=QUEUED, created_at__lte=now - timedelta(seconds=5))
    silent = Q(state=RUNNING, heartbeat_at__lte=now - stale_after)
    jobs = Job.objects.filter(missed | silent).order_by("created_at")
    return list(jobs.values_list("id", flat=True)[:limit])
