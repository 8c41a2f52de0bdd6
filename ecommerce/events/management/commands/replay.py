"""Rebuild a projection from the event log: ``replay analytics.daily_revenue --dry-run``."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.events.replaying import ReplayResult, events_to_read, replay


class Command(BaseCommand):
    help = (
        "Rebuild a consumer's tables from archives and log beside the live ones, compare, and swap."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("consumer")
        parser.add_argument(
            "--from",
            dest="start",
            help="leave out what is older: a position, or a date (2026-01-31)",
        )
        parser.add_argument(
            "--archive", type=Path, help="folder of the archives, if they were moved"
        )
        parser.add_argument(
            "--forget-older",
            action="store_true",
            help="with --from: make tables live that lack what the older events gave",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="compare only; fails if the tables differ"
        )

    def handle(self, **options: Any) -> None:
        position, since = _start(options["start"])
        name = options["consumer"]
        if options["start"] and not (options["dry_run"] or options["forget_older"]):
            raise CommandError(
                "The rebuilt tables would lack everything that events before --from gave. Look with "
                "--dry-run first; --forget-older makes them live all the same. Nothing was changed."
            )
        try:
            total = events_to_read(consumer=name, after_position=position)
            with Progress(console=Console(file=cast(IO[str], self.stdout))) as bar:
                task = bar.add_task(f"replay {name}", total=total)
                result = replay(
                    consumer=name,
                    now=clock.now(),
                    after_position=position,
                    since=since,
                    archive=options["archive"],
                    dry_run=options["dry_run"],
                    progress=lambda events: bar.advance(task, events),
                )
        except ShopError as refusal:
            raise CommandError(refusal.detail) from refusal
        self._report(result)
        if options["dry_run"] and not result.same:
            raise CommandError("the live tables are not what the log says")

    def _report(self, result: ReplayResult) -> None:
        self.stdout.write(f"{result.events:,} events in {result.seconds:.1f} s")
        for table in result.parity:
            self.stdout.write(
                f"{table.table}: {'same' if table.same else 'DIFFERENT'}; {table.live_rows:,} rows live,"
                f" {table.rebuilt_rows:,} rebuilt; {table.only_live:,} only live, {table.only_rebuilt:,} only rebuilt"
            )
            for example in table.examples:
                self.stdout.write(f"  {example}")
        self.stdout.write(
            "the rebuilt tables are live now" if result.swapped else "nothing was changed"
        )


def _start(text: str | None) -> tuple[int, datetime | None]:
    if text is None:
        return 0, None
    if text.isdigit():
        return int(text), None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is neither a position nor a date") from None
    return 0, moment if moment.tzinfo else moment.replace(tzinfo=UTC)
