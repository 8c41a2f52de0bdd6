"""Long work is done once, row by row, whatever dies when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from ecommerce.clock import now
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.jobs import JobContext, services
from ecommerce.jobs import context as context_module
from ecommerce.jobs.errors import JobNotFound
from ecommerce.jobs.models import Job, JobRowError
from ecommerce.jobs.tasks import wake_forgotten_jobs
from ecommerce.jobs.tests.working import Body, declare, ended, look, silence, start

pytestmark = pytest.mark.django_db


def count_up_to(total: int, *, die_at: int | None = None, effects: list[int]) -> Body:
    """Applies each row, in batches of two, to ``effects`` when its transaction commits."""

    def run(context: JobContext) -> None:
        for row in range(context.checkpoint.get("row", 0), total, 2):
            batch = list(range(row, min(row + 2, total)))
            with transaction.atomic():
                context.advance(batch[-1] + 1, total=total, checkpoint={"row": row + 2})
                if die_at in batch:
                    raise KeyboardInterrupt
            effects.extend(batch)

    return run


def test_a_job_runs_to_its_end_and_tells_how_far_it_is() -> None:
    effects: list[int] = []
    job_id = start(count_up_to(5, effects=effects))

    assert (look(job_id).state, look(job_id).percent) == ("QUEUED", None)
    assert services.run_job(job_id)

    view = look(job_id)
    assert (view.state, view.done, view.total, view.percent) == ("SUCCEEDED", 5, 5, 100.0)
    assert effects == [0, 1, 2, 3, 4]
    assert ended == [("started", "RUNNING"), ("finished", "SUCCEEDED")]


def test_a_finished_job_is_not_run_again() -> None:
    effects: list[int] = []
    job_id = start(count_up_to(3, effects=effects))
    services.run_job(job_id)

    assert not services.run_job(job_id)
    assert effects == [0, 1, 2]


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(total=st.integers(1, 9), deaths=st.lists(st.integers(0, 8), max_size=4))
def test_wherever_it_dies_every_row_is_applied_once(total: int, deaths: list[int]) -> None:
    ended.clear()
    effects: list[int] = []
    job_id = start(count_up_to(total, effects=effects))

    for die_at in deaths:
        declare(count_up_to(total, die_at=die_at, effects=effects))
        try:
            services.run_job(job_id)
        except KeyboardInterrupt:
            silence(job_id)
    declare(count_up_to(total, effects=effects))
    services.run_job(job_id)

    assert effects == list(range(total))
    assert (look(job_id).state, look(job_id).done) == ("SUCCEEDED", total)
    assert [name for name, _ in ended] == ["started", "finished"]


def test_a_silent_worker_loses_its_job_and_cannot_write_any_more() -> None:
    seen: list[str] = []

    def slow(context: JobContext) -> None:
        context.advance(1)
        if context.run_number == 1:
            silence(context.job_id)
            services.run_job(context.job_id)
            seen.append(look(context.job_id).state)
            context.advance(2)
            seen.append("the first one wrote")

    job_id = start(slow)

    assert not services.run_job(job_id)
    assert seen == ["SUCCEEDED"]
    assert look(job_id).done == 1


def test_a_job_whose_worker_lives_is_left_alone() -> None:
    job_id = start(lambda context: None)
    Job.objects.filter(id=job_id).update(state="RUNNING", run=1, heartbeat_at=now())

    assert not services.run_job(job_id)


def test_refused_rows_are_kept_with_their_reasons() -> None:
    def run(context: JobContext) -> None:
        context.row_error(row=2, pointer="/price", detail="Not a price.", code="price")
        context.row_error(row=2, pointer="/sku", detail="Missing.")
        context.advance(3)
        context.row_error(row=4, detail="Empty.")

    job_id = start(run)
    services.run_job(job_id)

    assert (look(job_id).refused, look(job_id).done) == (2, 3)
    errors = list(services.row_errors(job_id=job_id, viewer=SYSTEM))
    assert [(error.row, error.pointer, error.code) for error in errors] == [
        (2, "/price", "price"),
        (2, "/sku", "invalid"),
        (4, "", "invalid"),
    ]


def test_only_so_many_refusals_are_kept_but_all_are_counted(monkeypatch: Any) -> None:
    monkeypatch.setattr(context_module, "MAX_ROW_ERRORS", 3)

    def run(context: JobContext) -> None:
        for row in range(10):
            context.row_error(row=row, detail="no")
            context.advance(row + 1)

    job_id = start(run)
    services.run_job(job_id)

    assert look(job_id).refused == 10
    assert JobRowError.objects.count() == 3


def test_input_and_result_are_files_of_the_storage() -> None:
    def shout(context: JobContext) -> None:
        with context.open_input() as source, context.open_result("loud.txt") as result:
            result.write(source.read().upper())

    name = services.store_input("quiet.txt", ContentFile(b"hush"))
    job_id = start(shout, input_path=name)
    services.run_job(job_id)

    name, content = services.open_result(job_id=job_id, viewer=SYSTEM)
    with content:
        assert (name, content.read()) == ("loud.txt", b"HUSH")
    assert default_storage.exists(f"jobs/{job_id}/loud.txt")


def test_a_job_is_its_owners_and_the_back_offices() -> None:
    owner = Viewer(user_id=new_id())
    declare(lambda context: None)
    job_id = services.start_job(kind="test.job", owner_id=owner.user_id).id

    assert services.get_job(job_id=job_id, viewer=owner).id == job_id
    for stranger in (Viewer(user_id=new_id()), Viewer()):
        with pytest.raises(JobNotFound):
            services.get_job(job_id=job_id, viewer=stranger)


def test_a_kind_that_nobody_does_is_not_started() -> None:
    with pytest.raises(LookupError):
        services.start_job(kind="nobody.does", owner_id=None)


def test_the_sweep_wakes_the_forgotten_and_the_silent(monkeypatch: Any) -> None:
    woken: list[UUID] = []
    monkeypatch.setattr(services, "wake", lambda job_id, **_: woken.append(job_id))
    fresh, forgotten, silent, alive = (start(lambda context: None) for _ in range(4))
    Job.objects.filter(id=forgotten).update(created_at=now() - timedelta(minutes=1))
    silence(silent)
    Job.objects.filter(id=alive).update(state="RUNNING", heartbeat_at=now())

    wake_forgotten_jobs()

    assert set(woken) == {forgotten, silent}
    assert fresh not in woken


def test_advancing_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def run(context: JobContext) -> None:
        with django_assert_num_queries(3):  # SAVEPOINT, UPDATE, RELEASE
            context.advance(1)

    services.run_job(start(run))
