"""``manage.py forecast_demand``: forecast all that sells, now, with progress."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.inventory import services
from ecommerce.identity import SYSTEM
from ecommerce.jobs.services import get_job, run_job, start_job


class Command(BaseCommand):
    help = "Forecasts the demand of every SKU and location that sells, in this process."

    def handle(self, *args: Any, **options: Any) -> None:
        if not services.forecasting_installed():
            raise CommandError("forecasting is not installed: scripts/setup forecast")
        started = start_job(kind="inventory.forecast_demand", owner_id=None)
        if not run_job(started.id):
            self.stdout.write(f"a worker does job {started.id}")
        job = get_job(job_id=started.id, viewer=SYSTEM)
        self.stdout.write(f"{job.state}: {job.done} of {job.total}, {job.rows_per_second}/s")
        if job.error_code:
            raise CommandError(f"{job.error_code}: {job.error_detail}")
