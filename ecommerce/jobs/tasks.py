"""Workers take jobs up here; beat sends those that were forgotten."""

from typing import Any
from uuid import UUID

from celery import shared_task

from ecommerce.clock import now
from ecommerce.jobs import queries, services
from ecommerce.jobs.runner import stale_after
from ecommerce.periodic import periodic

SWEEP_LIMIT = 100
SWEEP_SECONDS = 10


@shared_task(name="ecommerce.jobs.tasks.run", ignore_result=True)
def run(*, job_id: str, **_: Any) -> None:
    services.run_job(UUID(job_id))


@periodic(seconds=SWEEP_SECONDS)
def wake_forgotten_jobs(**_: Any) -> None:
    """The net under the wake-ups: jobs whose message was lost, and jobs whose worker was."""
    for job_id in queries.waiting_or_silent(
        now=now(), stale_after=stale_after(), limit=SWEEP_LIMIT
    ):
        services.wake(job_id, expires_seconds=SWEEP_SECONDS)
