"""See how consumers do, pause and resume them: ``consumers``, ``consumers pause NAME``."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.events.watching import (
    consumer_statuses,
    forget_consumer,
    pause_consumer,
    resume_consumer,
    spine_status,
)


class Command(BaseCommand):
    help = "List the consumers of events with their lag; pause, resume, or forget one that the code no longer has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action")
        for action in ("pause", "resume", "forget"):
            actions.add_parser(action).add_argument("name")

    def handle(self, **options: Any) -> None:
        try:
            self._do(options["action"], options.get("name", ""))
        except ShopError as refusal:
            raise CommandError(refusal.detail) from refusal

    def _do(self, action: str | None, name: str) -> None:
        if action == "pause":
            pause_consumer(name, now=clock.now())
        elif action == "resume":
            resume_consumer(name)
        elif action == "forget":
            forget_consumer(name)
        self._show()

    def _show(self) -> None:
        now = clock.now()
        table = Table(
            "consumer", "state", "lag", "seconds", "handled", "parked", "dead letters", "replay"
        )
        for status in consumer_statuses(now=now):
            table.add_row(
                status.name,
                "paused" if status.paused_at else "running",
                f"{status.lag_events:,}",
                f"{status.lag_seconds:.1f}",
                f"{status.handled:,}",
                f"{status.parked:,}",
                f"{status.dead_letters:,}",
                "yes" if status.tables else "",
            )
        Console(file=cast(IO[str], self.stdout), width=140).print(table)
        spine = spine_status(now=now)
        self.stdout.write(
            f"log at {spine.position:,}; outbox {spine.outbox_events:,}, oldest {spine.outbox_seconds:.1f} s"
        )
