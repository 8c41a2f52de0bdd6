"""Hold money, stock and events against each other: ``manage.py audit_books``."""

from argparse import ArgumentParser
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from proving.books import UNFINISHED, WRONG, Rows, against_gateway, told, wrong_rows

MOST_ROWS = 1_000
"""Of each finding: enough to see what is wrong, whatever the size of the shop."""


class Command(BaseCommand):
    help = (
        "Audit the books by plain SQL in one snapshot: stock and its ledger, orders and payments, the"
        " double entries, the event log. Ends with 1 where something is wrong, and names the rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at-rest",
            action="store_true",
            help="nothing is being bought: also find what is unfinished, and compare with the gateway",
        )

    def handle(self, **options: Any) -> None:
        statements = {**WRONG, **(UNFINISHED if options["at_rest"] else {})}
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found: dict[str, list[Any]] = {}
            for name, sql in statements.items():
                found |= wrong_rows(_rows, {name: sql})
                self.stdout.write(
                    f"{'✗' if name in found else '✓'} {name}: {len(found.get(name, []))}"
                )
            if options["at_rest"]:
                found |= self._gateway()
        if found:
            raise CommandError(
                f"{told(found)}\nNothing was changed. docs/explanation/guarantees.md tells what each means."
            )
        self.stdout.write("the books agree")

    def _gateway(self) -> dict[str, list[Any]]:
        url = f"{settings.SANDBOX_URL}/gateway/v1/totals"
        try:
            totals = httpx.get(url, timeout=10, trust_env=False).raise_for_status().json()
        except httpx.HTTPError as error:
            raise CommandError(f"The gateway's books cannot be read at {url}: {error}") from error
        found = against_gateway(_rows, totals)
        self.stdout.write(f"{'✗' if found else '✓'} the gateway took other money than we booked")
        return found


def _rows(sql: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) wrong LIMIT {MOST_ROWS}")
        return list(cursor.fetchall())
