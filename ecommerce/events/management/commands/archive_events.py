"""Move old months of the log to Parquet: ``archive_events --older-than-days 90 --to DIR``."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.events.archiving import archive_events


class Command(BaseCommand):
    help = "Write months of the event log that every consumer has read to Parquet, verify, and drop them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than-days", type=int, required=True)
        parser.add_argument("--to", type=Path, required=True, help="folder of the archives")

    def handle(self, **options: Any) -> None:
        older_than = timedelta(days=options["older_than_days"])
        try:
            archives = archive_events(
                older_than=older_than, directory=options["to"], now=clock.now()
            )
        except ShopError as refusal:
            raise CommandError(refusal.detail) from refusal
        for archive in archives:
            self.stdout.write(f"{archive.name}: {archive.rows:,} events in {archive.path}")
        if not archives:
            self.stdout.write("no month is that old")
