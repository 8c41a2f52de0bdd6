"""``manage.py value_stock``: what stock is worth, as CSV, with the sums at the end on stderr."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from apps.inventory import services
from apps.inventory.types import StockValue, ValueStock
from ecommerce.clock import now

SUMS = (
    *("units", "cost_minor", "in_transit_minor", "sold_minor", "lost_minor", "unknown_units"),
    *("claimed_minor", "credited_minor", "written_off_minor"),
)


class Command(BaseCommand):
    help = "Values stock per SKU and location as of a time, in minor units of the books' currency."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="as of when, ISO 8601 with zone (now)")
        parser.add_argument("--known-at", help="by what was written until when (now)")
        parser.add_argument("--method", choices=("fifo", "average"), default="fifo")
        parser.add_argument("--csv", type=Path, help="into which file (standard output)")

    def handle(self, *args: Any, **options: Any) -> None:
        moment = now()
        command = ValueStock(
            at=_time(options["at"]) or moment,
            known_at=_time(options["known_at"]) or moment,
            method=options["method"],
        )
        sums: Counter[str] = Counter()
        if options["csv"]:
            with options["csv"].open("w", newline="") as file:
                _write(file, command, sums)
        else:
            _write(self.stdout, command, sums)
        self.stderr.write(", ".join(f"{name} {sums[name]}" for name in SUMS))


def _write(file: Any, command: ValueStock, sums: Counter[str]) -> None:
    rows = csv.writer(file)
    rows.writerow(["sku_id", "location", "units", "cost_minor"])
    for value in services.value_all(command):
        _add(sums, value)
        rows.writerows(
            (value.sku_id, place.location, place.units, place.cost_minor) for place in value.places
        )


def _add(sums: Counter[str], value: StockValue) -> None:
    for name in SUMS:
        sums[name] += getattr(value, name)


def _time(text: str | None) -> Any:
    if text is None:
        return None
    parsed = parse_datetime(text)
    if parsed is None or parsed.tzinfo is None:
        raise CommandError(f"{text!r} is no time with a zone")
    return parsed
