"""A job ends: refused, broken, given back, given up, cancelled."""

import pytest
from django.db import OperationalError

from ecommerce.clock import now
from ecommerce.errors import Invalid
from ecommerce.identity import SYSTEM
from ecommerce.jobs import JobContext, services
from ecommerce.jobs.errors import JobFinished
from ecommerce.jobs.runner import MAX_STALLS
from ecommerce.jobs.tests.working import ended, look, start

pytestmark = pytest.mark.django_db


def test_a_refusal_ends_the_job_with_its_code() -> None:
    def run(context: JobContext) -> None:
        raise Invalid("No header row.")

    job_id = start(run)
    services.run_job(job_id)

    view = look(job_id)
    assert (view.state, view.error_code, view.error_detail) == (
        "FAILED",
        "invalid",
        "No header row.",
    )
    assert ended[-1] == ("finished", "FAILED")


def test_a_bug_ends_the_job_without_telling_its_secret() -> None:
    def run(context: JobContext) -> None:
        raise RuntimeError("secret")

    job_id = start(run)
    services.run_job(job_id)

    assert (look(job_id).state, look(job_id).error_code) == ("FAILED", "internal")
    assert "secret" not in look(job_id).error_detail


def test_a_database_that_is_away_gives_the_job_back() -> None:
    calls: list[int] = []

    def run(context: JobContext) -> None:
        calls.append(context.run_number)
        if len(calls) == 1:
            raise OperationalError("gone")

    job_id = start(run)

    assert not services.run_job(job_id)
    assert look(job_id).state == "QUEUED"
    assert services.run_job(job_id)
    assert calls == [1, 2]


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    def run(context: JobContext) -> None:
        raise KeyboardInterrupt

    job_id = start(run)
    for _ in range(MAX_STALLS):
        with pytest.raises(KeyboardInterrupt):
            services.run_job(job_id)
    services.run_job(job_id)

    assert (look(job_id).state, look(job_id).error_code) == ("FAILED", "stalled")


def test_a_waiting_job_is_cancelled_at_once_and_twice_is_once() -> None:
    job_id = start(lambda context: None)

    for _ in range(2):
        view = services.cancel_job(job_id=job_id, viewer=SYSTEM, now=now())
        assert view.state == "CANCELLED"
    assert not services.run_job(job_id)


def test_a_running_job_stops_after_its_batch_and_keeps_what_it_did() -> None:
    def run(context: JobContext) -> None:
        context.advance(1, checkpoint={"row": 1})
        services.cancel_job(job_id=context.job_id, viewer=SYSTEM, now=now())
        context.advance(2, checkpoint={"row": 2})
        context.advance(3, checkpoint={"row": 3})

    job_id = start(run)
    services.run_job(job_id)

    assert (look(job_id).state, look(job_id).done) == ("CANCELLED", 2)
    assert ended[-1] == ("finished", "CANCELLED")


def test_a_job_that_has_ended_cannot_be_cancelled() -> None:
    job_id = start(lambda context: None)
    services.run_job(job_id)

    with pytest.raises(JobFinished):
        services.cancel_job(job_id=job_id, viewer=SYSTEM, now=now())
