"""Starts a shop of its own, measures it, prints a table, and stops it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from bench import auditing, machine, page, profile
from bench.generator import Generator
from bench.growth import STAGES, Size, measure_growth
from bench.report import Plan, complain, measure_paths, over_budget
from bench.rows import Row
from bench.shop import Shop, prepare, running, say, servers


def main() -> int:
    """Measure; the exit code tells whether a path takes more statements than it may."""
    options = _arguments()
    with servers(options.data_dir) as (folder, environment, pids):
        django.setup()
        prepare(folder, 0 if options.growth or options.audit else options.products)
        if options.audit:
            rows = list(_told([auditing.audit_row(options.audit)]))
            _write(options, "audit", [asdict(row) for row in rows])
            return 0
        if options.growth:
            found = measure_growth(
                folder, environment, pids,
                stages=[size for size in STAGES if size.within(_most(options))],
                seconds=options.seconds, workers=options.workers,
            )  # fmt: skip
            _write(options, "growth", [asdict(row) for row in found])
            return 0
        starts = list(_starts(options, folder))
        with running(folder, environment, pids, workers=options.workers) as shop:
            if options.profile:
                return profile.draw(options.profile, shop, into=options.into)
            rows = [*_measured(options, shop), *starts]
        _write(options, "rows", [asdict(row) for row in rows])
        return complain(over_budget(rows))


def _measured(options: argparse.Namespace, shop: Shop) -> Iterator[Row]:
    plan = Plan(
        seconds=options.seconds, rounds=options.rounds, clients=options.clients, only=options.only
    )
    with Generator(shop.environment, shop.log("load")) as generator:
        yield from measure_paths(plan, generator)
    yield from _told(_chosen(options, machine.memory_rows(shop), "memory"))
    yield from _told(_without_clients(options, shop))


def _without_clients(options: argparse.Namespace, shop: Shop) -> Iterator[Row]:
    """What no client waits for: events and imports."""
    from bench import events, hot, imports

    say("events")
    yield from _chosen(options, events.lag_rows(seconds=options.lag_seconds), "event lag")
    if _wanted(options, "event drain"):
        yield events.drain_row(backlog=options.backlog)
    if _wanted(options, "hot SKU"):
        say("buying one SKU")
        yield from hot.hot_rows(clients=[8, 32], seconds=max(1.0, options.seconds))
    if _wanted(options, "import"):
        say(f"importing {options.imported:,} products")
        yield from imports.import_rows(options.imported, url=shop.url, worker=shop.pids["jobs"])


def _starts(options: argparse.Namespace, folder: Path) -> Iterator[Row]:
    if not options.profile and _wanted(options, "start"):
        say("starting the web server, cold and warm")
        yield from _told(machine.start_rows(folder))


def _chosen(options: argparse.Namespace, rows: Iterable[Row], name: str) -> Iterator[Row]:
    if _wanted(options, name):
        yield from rows


def _wanted(options: argparse.Namespace, name: str) -> bool:
    return not options.only or any(word in name for word in options.only)


def _told(rows: Iterable[Row]) -> Iterator[Row]:
    """A line each, without what does not apply."""
    for row in rows:
        figures = {k: v for k, v in asdict(row).items() if isinstance(v, float)}
        print(f"{row.name:<31}" + ", ".join(f"{k} {v:,}" for k, v in figures.items()), flush=True)
        yield row


def _most(options: argparse.Namespace) -> Size:
    return Size(products=options.most_products, orders=options.most_orders)


def _write(options: argparse.Namespace, part: str, rows: Sequence[dict[str, Any]]) -> None:
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")
    if options.write:
        about = {"about": machine.about(options)} if part == "rows" else {}
        page.keep({part: rows, **about})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    add = parser.add_argument
    add("--only", nargs="+", default=[], metavar="NAME", help="rows whose names hold one of these")
    add("--json", type=Path, metavar="FILE", help="write the rows there, too")
    add("--write", action="store_true", help="into docs/reference/performance.md and .json")
    add("--growth", action="store_true", help="how cost grows with the shop; takes an hour")
    add(
        "--audit",
        type=int,
        metavar="ORDERS",
        help="look at the books of stock after so many orders",
    )
    add("--profile", metavar="NAME", help="draw where the time of the first such row goes")
    add("--into", type=Path, metavar="SVG", help="where to draw it; else NAME.svg here")
    add("--data-dir", type=Path, metavar="DIR", help="keep the database there for another time")
    add("--seconds", type=float, default=1.0, help="per round of a path")
    add("--rounds", type=int, default=3, help="medians are taken of so many")
    add("--clients", type=int, nargs="+", default=[1, 8, 32])
    add("--workers", type=int, default=2, help="web server processes")
    add("--products", type=int, default=1_000, help="generated beside the sample shop's")
    add("--imported", type=int, default=50_000, help="products of each import")
    add("--backlog", type=int, default=100_000, help="events of the drain")
    add("--lag-seconds", type=float, default=10.0, help="at each rate of events")
    add("--most-products", type=int, default=1_000_000, help="where --growth ends")
    add("--most-orders", type=int, default=1_000_000, help="likewise")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
