"""Declares, starts and looks at jobs for the tests; as if workers were killed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from ecommerce.clock import now
from ecommerce.identity import SYSTEM
from ecommerce.jobs import JobContext, job, registry, services
from ecommerce.jobs.models import Job
from ecommerce.jobs.types import JobView

Body = Callable[[JobContext], None]
ended: list[tuple[str, str]] = []


def declare(run: Body) -> None:
    registry._kinds.pop("test.job", None)

    def started(view: JobView) -> None:
        ended.append(("started", view.state))

    def finished(view: JobView) -> None:
        ended.append(("finished", view.state))

    job("test.job", started=started, finished=finished)(run)


def start(run: Body, **kwargs: Any) -> UUID:
    declare(run)
    return services.start_job(kind="test.job", owner_id=None, **kwargs).id


def look(job_id: UUID) -> JobView:
    return services.get_job(job_id=job_id, viewer=SYSTEM)


def silence(job_id: UUID) -> None:
    """As if the worker had been killed: it runs, and nobody hears of it."""
    Job.objects.filter(id=job_id).update(
        state="RUNNING", finished_at=None, heartbeat_at=now() - timedelta(hours=1)
    )
