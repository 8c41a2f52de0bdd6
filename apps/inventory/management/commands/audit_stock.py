"""``manage.py audit_stock``: does the stock add up? Exits with 1 if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.inventory import services


class Command(BaseCommand):
    help = (
        "Checks levels against the ledger, reservations, transfers and lots, while the shop sells."
        " Says what differs, how long it took and how much memory."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=100, help="differences told of each kind")

    def handle(self, *args: Any, **options: Any) -> None:
        audit = services.audit_stock(most=options["most"], progress=self._progress)
        self.stdout.write(
            f"{audit.levels:,} levels, {audit.movements:,} movements,"
            f" {audit.reservations:,} reservations checked in {audit.seconds:.1f} s;"
            f" peak memory {_mb(audit.peak_memory)} here,"
            f" {_mb(audit.database_peak_memory)} in the database"
        )
        for check, off in audit.off.items():
            for where, (says, should) in off.items():
                self.stderr.write(f"{where}: {check} is {says}, should be {should}")
        if not audit.clean:
            raise CommandError("the stock does not add up")

    def _progress(self, check: str, seconds: float) -> None:
        self.stdout.write(f"  {check}: {seconds:.1f} s")


def _mb(count: int | None) -> str:
    return "of unknown size" if count is None else f"{count / 1_000_000:.0f} MB"
