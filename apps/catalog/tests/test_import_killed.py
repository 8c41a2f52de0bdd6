"""A process that is killed in the midst of an import loses no row and brings none in twice."""

import io
import json
import os
import signal
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from apps.catalog.tests.test_round_trip import everything
from ecommerce import steps
from ecommerce.clock import now
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM
from ecommerce.jobs.models import Job
from ecommerce.jobs.services import get_job, row_errors, run_job, start_job, store_input

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 60


@pytest.fixture(autouse=True)
def _small_batches(settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr("apps.catalog.services._import.BATCH_PRODUCTS", 10)


@pytest.mark.parametrize("step", ["catalog.in_import_batch", "catalog.after_import_batch"])
def test_a_killed_import_is_taken_up_without_loss_or_doubles(step: str) -> None:
    job_id = import_of(ROWS)

    for batches in (1, 0, 2):
        killed_while_running(job_id, step, after=batches)
        Job.objects.filter(id=job_id).update(heartbeat_at=now() - timedelta(days=1))

    assert run_job(job_id)
    job = get_job(job_id=job_id, viewer=SYSTEM)
    assert (job.state, job.done, job.refused) == ("SUCCEEDED", ROWS, ROWS // 10)
    errors = [error.row for error in row_errors(job_id=job_id, viewer=SYSTEM)]
    assert errors == list(range(10, ROWS + 1, 10))
    good = {f"p-{row}" for row in range(1, ROWS + 1) if row % 10}
    assert set(everything()) == good
    told = [e for e in published() if e.event_type.endswith("product.created.v1")]
    assert sorted(e.payload["product"]["slug"] for e in told) == sorted(good)
    assert published()[-1].payload["created"] == len(good)


def import_of(rows: int) -> UUID:
    """A job whose every tenth row is wrong."""
    lines = [
        {
            "slug": f"p-{row}",
            "title": "" if row % 10 == 0 else "Mug",
            "sku": f"P-{row}",
            "price": "5",
        }
        for row in range(1, rows + 1)
    ]
    with transaction.atomic():
        name = store_input("p.jsonl", io.BytesIO("\n".join(map(json.dumps, lines)).encode()))
        params = {"format": "jsonl"}
        job = start_job(
            kind="catalog.import_products", owner_id=None, params=params, input_path=name
        )
    return job.id


def killed_while_running(job_id: UUID, step: str, *, after: int) -> None:
    """Run the job in a process of its own, which dies by SIGKILL when it gets to the step again."""
    connection.close()
    child = os.fork()
    if child == 0:
        passes = iter(range(after))
        steps.arm(step, lambda: None if next(passes, None) is not None else die())
        run_job(job_id)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
