"""Starts a shop of its own, measures it, prints a table, and stops it."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench import profile
from bench.generator import Generator
from bench.growth import Grown, Size, measure_growth
from bench.report import Plan, complain, measure_paths, over_budget
from bench.shop import Shop, prepare, running, servers


def main() -> int:
    """Measure; the exit code tells whether a path takes more statements than it may."""
    options = _arguments()
    with servers(options.data_dir) as (folder, environment, pids):
        prepare(folder, 0 if options.growth else options.products)
        if options.growth:
            most = Size(products=options.most_products, orders=options.most_orders)
            found = measure_growth(
                folder, environment, pids,
                most=most, seconds=options.seconds, workers=options.workers,
            )  # fmt: skip
            return _grown(options, list(found))
        with running(folder, environment, pids, workers=options.workers) as shop:
            if options.profile:
                return profile.draw(options.profile, shop, into=options.into)
            return _table(options, shop)


def _grown(options: argparse.Namespace, rows: list[Grown]) -> int:
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 0


def _table(options: argparse.Namespace, shop: Shop) -> int:
    plan = Plan(
        seconds=options.seconds,
        rounds=options.rounds,
        clients=options.clients,
        only=options.only,
    )
    with Generator(shop.environment, shop.log("load")) as generator:
        rows = list(measure_paths(plan, generator))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return complain(over_budget(rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="per round of a path")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken of so many")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="rows named so")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument("--products", type=int, default=1000, help="beside the sample shop's")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="keep the database there for another time"
    )
    parser.add_argument("--workers", type=int, default=2, help="web server processes")
    parser.add_argument("--growth", action="store_true", help="how cost grows; takes an hour")
    parser.add_argument("--most-products", type=int, default=1_000_000, help="of --growth")
    parser.add_argument("--most-orders", type=int, default=1_000_000, help="of --growth")
    parser.add_argument("--profile", metavar="NAME", help="draw where the time of that row goes")
    parser.add_argument("--into", type=Path, metavar="SVG", help="where to; else NAME.svg here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
