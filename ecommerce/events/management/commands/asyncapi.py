"""Emit the events' contract, or hold it against the committed one: ``asyncapi --check docs/reference/asyncapi.json``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from ecommerce.events.contract import asyncapi_document, incompatibilities


class Command(BaseCommand):
    help = (
        "Write the AsyncAPI 3 document of every event, or refuse a change that would break readers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--output", type=Path, help="write it to this file instead of the terminal"
        )
        parser.add_argument("--check", type=Path, metavar="FILE", help="the committed document")
        parser.add_argument(
            "--exact", action="store_true", help="with --check: fail if FILE is out of date, too"
        )

    def handle(self, **options: Any) -> None:
        document = asyncapi_document()
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        if options["check"]:
            self._check(options["check"], document, exact=options["exact"])
        elif options["output"]:
            options["output"].write_bytes(text)
        else:
            self.stdout.write(text.decode(), ending="")

    def _check(self, path: Path, document: dict[str, Any], *, exact: bool) -> None:
        try:
            committed = orjson.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"cannot read {path}: {error}") from error
        problems = incompatibilities(committed, document)
        if problems:
            raise CommandError(
                "\n".join(["The events changed in a way that breaks their readers:", *problems])
            )
        present = orjson.loads(orjson.dumps(document))
        if present == committed:
            self.stdout.write(f"{path} says what the code says")
        elif exact:
            raise CommandError(f"{path} is out of date: manage.py asyncapi --output {path}")
        else:
            self.stdout.write(f"compatible, but out of date: manage.py asyncapi --output {path}")
