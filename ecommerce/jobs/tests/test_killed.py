"""A worker that is killed for good in the middle of a job, and what another makes of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from ecommerce.clock import now
from ecommerce.identity import SYSTEM
from ecommerce.jobs import JobContext, job, registry, services
from ecommerce.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 120
EFFECTS = "jobs_test_effect"
ROOT = Path(__file__).resolve().parents[3]
WORKER = """
import sys, uuid, django
django.setup()
from ecommerce.jobs import job, services
from ecommerce.jobs.tests.test_killed import apply_rows
job("test.killed")(apply_rows)
services.run_job(uuid.UUID(sys.argv[1]))
"""


def apply_rows(context: JobContext) -> None:
    """One row a transaction, its effect and the checkpoint together, slowly enough to be killed."""
    for row in range(context.checkpoint.get("row", 0), ROWS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {EFFECTS} (row) VALUES (%s)", [row])
            context.advance(row + 1, total=ROWS, checkpoint={"row": row + 1})
            time.sleep(0.01)


@pytest.fixture(autouse=True)
def effects(transactional_db: None) -> Iterator[None]:
    registry._kinds.pop("test.killed", None)
    job("test.killed")(apply_rows)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EFFECTS} (row integer NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {EFFECTS}")
    registry._kinds.pop("test.killed", None)


def work_elsewhere(job_id: Any) -> "subprocess.Popen[bytes]":
    """The same job in a process of its own, on the database of this test."""
    settings = connection.settings_dict
    address = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "DATABASE_URL": f"postgres://{address}/{settings['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(job_id)], env=environment, cwd=ROOT)


def applied() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {EFFECTS}")
        return int(cursor.fetchone()[0])


def test_every_row_is_applied_once_though_workers_are_killed() -> None:
    job_id = services.start_job(kind="test.killed", owner_id=None).id

    for goal in (5, 15, 25):
        worker = work_elsewhere(job_id)
        deadline = time.monotonic() + 60
        while applied() < goal and time.monotonic() < deadline:
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert goal <= applied() < ROWS
        Job.objects.filter(id=job_id).update(heartbeat_at=now() - timedelta(hours=1))

    assert services.run_job(job_id)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(row ORDER BY row) FROM {EFFECTS}")
        assert cursor.fetchone()[0] == list(range(ROWS))
    view = services.get_job(job_id=job_id, viewer=SYSTEM)
    assert (view.state, view.done) == ("SUCCEEDED", ROWS)
