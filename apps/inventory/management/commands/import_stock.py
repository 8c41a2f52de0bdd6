"""Brings a file of stock in and waits for it."""

import time
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.inventory import services
from ecommerce.identity import SYSTEM
from ecommerce.jobs.services import get_job, open_result, row_errors, run_job
from ecommerce.jobs.types import FINISHED, SUCCEEDED

SHOWN_ERRORS = 20


class Command(BaseCommand):
    help = "Import a stock file (.csv, .ndjson, .jsonl): sku, quantity, location, reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mode", choices=["counts", "deltas"], default="counts")
        parser.add_argument(
            "--dry-run", action="store_true", help="report every row, change nothing"
        )
        parser.add_argument("--reference", default="", help="the same file counts once a reference")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        params = {
            "format": "csv" if path.suffix.lower() == ".csv" else "ndjson",
            "mode": options["mode"],
            "dry_run": options["dry_run"],
            "reference": options["reference"],
        }
        try:
            with path.open("rb") as file:
                job = services.start_stock_import(
                    file=file, file_name=path.name, params=params, viewer=SYSTEM
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        run_job(job.id)
        while (job := get_job(job_id=job.id, viewer=SYSTEM)).state not in FINISHED:
            time.sleep(0.5)  # a worker was quicker to take it up
        if job.state != SUCCEEDED:
            raise CommandError(f"{job.state}: {job.error_detail}")
        if options["dry_run"]:
            _, report = open_result(job_id=job.id, viewer=SYSTEM)
            with report:
                for line in report:
                    self.stdout.write(line.decode().rstrip())
        for refused in islice(row_errors(job_id=job.id, viewer=SYSTEM), SHOWN_ERRORS):
            self.stderr.write(f"row {refused.row} {refused.pointer}: {refused.detail}")
        self.stdout.write(f"{job.done} rows, {job.refused} refused")
