"""Runs a job: takes it up, keeps its heart beating, and ends it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.jobs import queries
from ecommerce.jobs.context import JobContext
from ecommerce.jobs.errors import JobCancelled, JobLost
from ecommerce.jobs.models import Job
from ecommerce.jobs.registry import Kind, kind_of
from ecommerce.jobs.types import CANCELLED, FAILED, SUCCEEDED

log = logging.getLogger(__name__)
MAX_STALLS = 5
"""So many runs without any progress, and the job is given up."""


def stale_after() -> timedelta:
    """How long a worker may be silent before its job is another's."""
    return timedelta(seconds=settings.JOBS_STALE_SECONDS)


def run_job(job_id: UUID) -> bool:
    """Run a job to its end, from its checkpoint. False where another worker has it, or it has ended."""
    taken = _take_up(job_id)
    if taken is None:
        return False
    job, kind = taken
    context = JobContext(job)
    try:
        with _heartbeat(job):
            kind.run(context)
        _succeed(context, kind)
    except Exception as error:
        return _stop(context, kind, error)
    except BaseException:
        queries.release(job_id, run=job.run)
        raise
    return True


def _stop(context: JobContext, kind: Kind, error: Exception) -> bool:
    """What becomes of a job whose run ended early; whether it has ended with it."""
    if isinstance(error, JobLost):
        log.warning("job %s was taken over by another worker", context.job_id)
        return False
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("job %s waits for the database: %s", context.job_id, error)
        queries.release(context.job_id, run=context.run_number)
        return False
    if isinstance(error, JobCancelled):
        _end(context, kind, CANCELLED)
    elif isinstance(error, ShopError):
        _end(context, kind, FAILED, error_code=error.code, error_detail=error.detail)
    else:
        log.error("job %s (%s) failed", context.job_id, kind.name, exc_info=error)
        detail = "An error of ours ended the job; it was logged under the job's id."
        _end(context, kind, FAILED, error_code="internal", error_detail=detail)
    return True


def _take_up(job_id: UUID) -> tuple[Job, Kind] | None:
    with transaction.atomic():
        job = queries.claim(job_id, now=now(), stale_after=stale_after())
        if job is None:
            return None
        kind = kind_of(job.kind)
        if job.started_at is None:
            Job.objects.filter(id=job_id).update(started_at=now())
            _tell(kind.started, job_id)
    if job.stalls > MAX_STALLS:
        detail = f"Given up after {MAX_STALLS} runs without progress."
        _end(JobContext(job), kind, FAILED, error_code="stalled", error_detail=detail)
        return None
    return job, kind


def _succeed(context: JobContext, kind: Kind) -> None:
    with transaction.atomic():
        if context.has_refusals:
            context.advance(context.done)
        _end(context, kind, SUCCEEDED)


def _end(context: JobContext, kind: Kind, state: str, **facts: Any) -> None:
    with transaction.atomic():
        ended = queries.finish(
            context.job_id,
            run=context.run_number,
            state=state,
            now=now(),
            result_name=context.result_name,
            **facts,
        )
        if ended:
            _tell(kind.finished, context.job_id)


def _tell(hook: Any, job_id: UUID) -> None:
    if hook is not None:
        hook(queries.job_view(job_id))


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Beats from a thread of its own, for the batches that take longer than a worker may be silent."""
    stopped = threading.Event()
    pause = settings.JOBS_STALE_SECONDS / 3

    def keep_beating() -> None:
        try:
            while not stopped.wait(pause):
                if not queries.beat(job.id, run=job.run, now=now()):
                    return
        except Exception:
            log.warning("the heartbeat of job %s stopped", job.id, exc_info=True)
        finally:
            connection.close()

    thread = threading.Thread(target=keep_beating, name=f"heartbeat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=5)
