"""Starting, seeing and stopping jobs."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from celery import current_app
from django.core.files.storage import default_storage
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDown

from ecommerce.clock import now as present
from ecommerce.http.pagination import Page, slice_of
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.jobs import queries
from ecommerce.jobs.errors import JobFinished, JobNotFound, NoResult, ResultNotReady
from ecommerce.jobs.models import Job, JobRowError
from ecommerce.jobs.registry import kind_of
from ecommerce.jobs.runner import run_job
from ecommerce.jobs.types import FINISHED, JobView, RowError

log = logging.getLogger(__name__)

__all__ = [
    "cancel_job",
    "get_job",
    "open_result",
    "row_error_page",
    "row_errors",
    "run_job",
    "start_job",
    "store_input",
]


def store_input(name: str, content: IO[bytes]) -> str:
    """Keep an uploaded file for a job; the storage name to start it with."""
    safe = default_storage.get_valid_name(PurePath(name).name)
    return default_storage.save(f"jobs/input/{new_id()}/{safe}", content)


def start_job(
    *,
    kind: str,
    owner_id: UUID | None,
    params: Mapping[str, Any] | None = None,
    input_path: str | None = None,
    total: int | None = None,
) -> JobView:
    """Queue a job; a worker takes it up when the surrounding transaction has committed.

    ``input_path`` is a name in the default storage (see ``store_input``). Raises LookupError where no
    app does jobs of that kind.
    """
    kind_of(kind)
    job = Job.objects.create(
        kind=kind,
        owner_id=owner_id,
        params=dict(params or {}),
        input_name=input_path or "",
        total=total,
        created_at=present(),
    )
    transaction.on_commit(lambda: wake(job.id))
    return queries.view_of({name: getattr(job, name) for name in queries.VIEW_FIELDS})


def wake(job_id: UUID, *, expires_seconds: int | None = None) -> None:
    """Tell a worker. Where no broker answers, the sweep of beat finds the job all the same."""
    try:
        current_app.send_task(
            "ecommerce.jobs.tasks.run",
            kwargs={"job_id": str(job_id)},
            retry=False,
            expires=expires_seconds,
        )
    except (BrokerDown, OSError) as error:
        log.warning("job %s waits for the sweep, the broker is down: %s", job_id, error)


def get_job(*, job_id: UUID, viewer: Viewer) -> JobView:
    """A job of one's own, or any for the back office. Raises JobNotFound."""
    job = queries.job_view(job_id)
    if job is None or not (viewer.is_staff or _owns(viewer, job)):
        raise JobNotFound
    return job


def _owns(viewer: Viewer, job: JobView) -> bool:
    return job.owner_id is not None and viewer.user_id == job.owner_id


def cancel_job(*, job_id: UUID, viewer: Viewer, now: datetime) -> JobView:
    """Stop a job: at once while it waits, after its present batch while it runs.

    Repeating it changes nothing. Raises JobNotFound, and JobFinished where it ended otherwise.
    """
    job = get_job(job_id=job_id, viewer=viewer)
    if not queries.cancel_waiting(job_id, now=now) and not queries.ask_to_cancel(job_id):
        job = get_job(job_id=job_id, viewer=viewer)
        if job.state in FINISHED and not job.cancel_requested:
            raise JobFinished(state=job.state)
    return get_job(job_id=job_id, viewer=viewer)


def row_errors(*, job_id: UUID, viewer: Viewer) -> Iterator[RowError]:
    """Every refused row that was kept, in order, streamed. Raises JobNotFound."""
    get_job(job_id=job_id, viewer=viewer)
    rows = queries.row_errors(job_id).order_by("row", "id")
    return map(_row_error, rows.iterator(chunk_size=1000))


def row_error_page(*, job_id: UUID, viewer: Viewer, page: Page) -> tuple[list[RowError], bool]:
    """A page of the refused rows, and whether there are more. Raises JobNotFound."""
    get_job(job_id=job_id, viewer=viewer)
    rows, more = slice_of(queries.row_errors(job_id), order=("row", "id"), page=page)
    return [_row_error(row) for row in rows], more


def _row_error(row: JobRowError) -> RowError:
    return RowError(id=row.id, row=row.row, pointer=row.pointer, code=row.code, detail=row.detail)


def open_result(*, job_id: UUID, viewer: Viewer) -> tuple[str, IO[bytes]]:
    """Name and content of the result file. Raises JobNotFound, ResultNotReady, NoResult."""
    job = get_job(job_id=job_id, viewer=viewer)
    if job.state not in FINISHED:
        raise ResultNotReady(state=job.state)
    if not job.result_name or not default_storage.exists(job.result_name):
        raise NoResult
    return job.result_name.rsplit("/", 1)[-1], default_storage.open(job.result_name, "rb")
