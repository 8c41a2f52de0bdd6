"""Deal with events that a consumer could not digest: ``dead_letters list|show|redrive|discard``."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import IO, Any, cast
from uuid import UUID

import orjson
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.events.dead_letters import discard, list_dead_letters, redrive, show_dead_letter


class Command(BaseCommand):
    help = "List, show, redrive (try again, with those that wait behind) or discard dead letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="the open ones, newest first")
        listing.add_argument("--consumer")
        listing.add_argument(
            "--status", default="open", choices=("open", "redriving", "redriven", "discarded")
        )
        actions.add_parser("show", help="one with its event and traceback").add_argument(
            "id", type=UUID
        )
        for action, meaning in (("redrive", "try again"), ("discard", "give up for good")):
            settling = actions.add_parser(action, help=meaning)
            settling.add_argument("ids", type=UUID, nargs="*")
            settling.add_argument("--consumer", help="all open ones of this consumer")

    def handle(self, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except ShopError as refusal:
            raise CommandError(refusal.detail) from refusal

    def _list(self, options: dict[str, Any]) -> None:
        table = Table("id", "consumer", "event", "key", "waiting", "died", "error")
        for letter in list_dead_letters(consumer=options["consumer"], status=options["status"]):
            table.add_row(
                str(letter.id),
                letter.consumer,
                letter.event_type,
                letter.partition_key,
                str(letter.waiting),
                f"{letter.died_at:%Y-%m-%d %H:%M:%S}",
                letter.error[:120],
            )
        Console(file=cast(IO[str], self.stdout), width=200).print(table)

    def _show(self, options: dict[str, Any]) -> None:
        letter, event = show_dead_letter(options["id"])
        self.stdout.write(
            f"{letter.status}: {letter.consumer} gave up on {letter.event_type} at {letter.position} after"
            f" {letter.attempts} attempts; {letter.waiting} of key {letter.partition_key} wait behind it\n"
        )
        self.stdout.write(letter.traceback)
        if event:
            self.stdout.write(orjson.dumps(event.to_json(), option=orjson.OPT_INDENT_2).decode())

    def _redrive(self, options: dict[str, Any]) -> None:
        self._settle(options, redrive, "will be tried again")

    def _discard(self, options: dict[str, Any]) -> None:
        self._settle(options, discard, "discarded")

    def _settle(self, options: dict[str, Any], settle: Callable[..., None], outcome: str) -> None:
        ids = list(options["ids"])
        if options["consumer"]:
            open_ones = list_dead_letters(
                consumer=options["consumer"], status="open", limit=100_000
            )
            ids += [letter.id for letter in open_ones]
        if not ids and not options["consumer"]:
            raise CommandError("Name dead letters by id, or a --consumer for all of its open ones")
        for letter_id in ids:
            settle(letter_id, now=clock.now())
        self.stdout.write(f"{len(ids)} {outcome}")
