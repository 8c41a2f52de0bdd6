"""``manage.py score_forecasts --csv FILE``: how good forecasts would have been on a file of sales."""

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandParser
from rich.progress import track

from apps.inventory import services
from apps.inventory.types import Accuracy, SaleDay, Scored

REFERENCES = "SeasonalNaive,AutoETS,AutoARIMA"
COLUMNS = {
    "sku": "StockCode",
    "quantity": "Quantity",
    "date": "InvoiceDate",
    "price": "UnitPrice",
    "customer": "CustomerID",
}


class Command(BaseCommand):
    help = "Scores forecasts of the last weeks of a file of order lines, per ABC class."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--csv", type=Path, required=True, help="order lines, .csv or .csv.gz")
        parser.add_argument("--origins", type=int, default=2, help="four-week windows to score")
        parser.add_argument("--limit", type=int, help="so many SKUs of most value only")
        parser.add_argument("--every", type=int, default=1, help="every n-th SKU by name only")
        parser.add_argument("--start", type=int, default=0, help="from which on")
        parser.add_argument(
            "--against",
            default=REFERENCES,
            help=f"whom to score beside the chosen ({REFERENCES}); AutoARIMA takes a second a SKU",
        )
        for name, column in COLUMNS.items():
            parser.add_argument(f"--{name}", default=column, help=f"its column ({column})")

    def handle(self, *args: Any, **options: Any) -> None:
        days = read_sales(options["csv"], {name: options[name] for name in COLUMNS})
        scored = services.evaluate_forecasts(
            days,
            origins=options["origins"],
            limit=options["limit"],
            every=options["every"],
            start=options["start"],
            references=options["against"].split(","),
        )
        sums: dict[tuple[str, str], tuple[Accuracy, Accuracy]] = defaultdict(
            lambda: (Accuracy(), Accuracy())
        )
        skus: dict[str, set[str]] = defaultdict(set)
        for one in track(scored, console=None, disable=not sys.stderr.isatty()):
            _add(sums, skus, one)
        self.stdout.write("class  SKUs  forecast          WAPE daily  weekly    bias")
        for (abc, name), (daily, weekly) in sorted(sums.items()):
            figures = [daily.wape or 0, weekly.wape or 0, weekly.bias or 0]
            shown = "  ".join(f"{100 * figure:8.1f} %" for figure in figures)
            self.stdout.write(f"{abc:<5} {len(skus[abc]):5}  {name:<16} {shown}")


def _add(
    sums: dict[tuple[str, str], tuple[Accuracy, Accuracy]], skus: dict[str, set[str]], one: Scored
) -> None:
    for abc in (one.abc, "all"):
        daily, weekly = sums[abc, one.name]
        daily.merge(one.daily)
        weekly.merge(one.weekly)
        skus[abc].add(one.sku)


def read_sales(path: Path, columns: dict[str, str]) -> list[SaleDay]:
    """Units and value per SKU and day.

    What is called off is taken out together with the sale that it undoes: the same customer, SKU and
    quantity, the latest before it. A return without one is left out. SKUs begin with a digit: the rest
    is postage, fees and samples.
    """
    sales: dict[tuple[str, str, int], list[tuple[datetime, float]]] = defaultdict(list)
    with _opened(path) as file:
        for row in csv.DictReader(file):
            sku, units = row[columns["sku"]].strip().upper(), int(row[columns["quantity"]])
            if not units or not sku[:1].isdigit():
                continue
            key = (row[columns["customer"]], sku, abs(units))
            at = datetime.fromisoformat(row[columns["date"]])
            if units > 0:
                sales[key].append((at, units * float(row[columns["price"]])))
            elif sales[key]:
                sales[key].pop()
    sums: dict[tuple[str, Any], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (_, sku, units), sold in sales.items():
        for at, value in sold:
            total = sums[sku, at.date()]
            total[0] += units
            total[1] += value
    return [
        SaleDay(sku=sku, day=day, units=total[0], value=total[1])
        for (sku, day), total in sums.items()
    ]


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", newline="") as file:
            yield file
    else:
        with path.open(newline="") as file:
            yield file
