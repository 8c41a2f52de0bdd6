"""How cost grows: the same paths in a shop that gets ten times larger from stage to stage."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from bench.cloning import ORDERS, PRODUCTS, SEED, copy_sample, recount
from bench.generator import Generator
from bench.rows import rounded
from bench.shop import generate, running, say, settle

SAMPLE = 10_000
"""So many products and orders are made by the rooms' own services; beyond that, they are copied."""
PATHS = (
    "product page",
    "list of 20",
    "page 3,750 of the list",
    "list of 20 by category",
    "facets of a category",
    "facets over everything",
    "search with facets",
    "suggestions",
    "cart read",
    "order history",
    "add to cart",
    "checkout quote",
    "confirm",
    "confirm without the gateway",
    "pay webhook",
    "stock adjust",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How many of the generated things there are, beside the sample shop's."""

    products: int = 0
    orders: int = 0

    def within(self, most: "Size") -> bool:
        return self.products <= most.products and self.orders <= most.orders


STAGES = (
    Size(products=1_000, orders=10_000),
    Size(products=10_000, orders=10_000),
    Size(products=100_000, orders=10_000),
    Size(products=1_000_000, orders=10_000),
    Size(products=1_000_000, orders=1_000_000),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """A path at a size: times in ms, for one client. CPU is of the web and the database together.

    None where the path could not be gone at all.
    """

    name: str
    products: int
    orders: int
    p50Ms: float | None = None  # noqa: N815  # as it stands in the file
    p95Ms: float | None = None  # noqa: N815
    cpuMs: float | None = None  # noqa: N815


def grow(folder: Path, to: Size) -> None:
    """Bring the shop in this folder to the size, from wherever it is. It never shrinks."""
    at = _size_of(folder)
    first = Size(products=min(to.products, SAMPLE), orders=min(to.orders, SAMPLE))
    if first.products > at.products or first.orders > at.orders:
        generate(max(first.products, at.products), max(first.orders, at.orders), SEED)
        at = _note(folder, at, first)
    if to.products > at.products:
        _copy(PRODUCTS, at.products, to.products)
        at = _note(folder, at, Size(products=to.products))
    if to.orders > at.orders:
        _copy(ORDERS, at.orders, to.orders)
        _note(folder, at, Size(orders=to.orders))
    settle()


def measure_growth(
    folder: Path,
    environment: dict[str, str],
    pids: dict[str, int],
    *,
    stages: Sequence[Size],
    seconds: float,
    workers: int,
) -> Iterator[Grown]:
    """Each path at each size that is not passed yet, printed as it comes."""
    for stage in stages:
        if not _size_of(folder).within(stage):
            continue
        started = time.monotonic()
        grow(folder, stage)
        at = _size_of(folder)
        spent = time.monotonic() - started
        print(f"\n{at.products:,} products, {at.orders:,} orders (grown in {spent:.0f} s)\n{_HEAD}")
        with (
            running(folder, environment, pids, workers=workers) as shop,
            Generator(shop.environment, shop.log("load")) as generator,
        ):
            for name in PATHS:
                yield _shown(_measured(name, generator, at, seconds))


def _measured(name: str, generator: Generator, at: Size, seconds: float) -> Grown:
    try:
        found = generator.measure(name, clients=1, seconds=seconds)
    except RuntimeError as error:
        print(error)
        return Grown(name=name, products=at.products, orders=at.orders)
    return Grown(
        name=name,
        products=at.products,
        orders=at.orders,
        p50Ms=rounded(found.p50),
        p95Ms=rounded(found.p95),
        cpuMs=rounded(found.web_cpu + found.database_cpu),
    )


_HEAD = f"{'path':<30}{'p50 ms':>10}{'p95 ms':>10}{'CPU ms':>10}"


def _shown(row: Grown) -> Grown:
    if row.p50Ms is not None and row.p95Ms is not None and row.cpuMs is not None:
        print(f"{row.name:<30}{row.p50Ms:>10.1f}{row.p95Ms:>10.1f}{row.cpuMs:>10.1f}", flush=True)
    return row


def _copy(rooms: tuple[str, ...], present: int, wanted: int) -> None:
    """From so many things to so many: each copy of the sample adds as many as it has."""
    copies = range(max(1, present // SAMPLE), wanted // SAMPLE)
    say(f"copying to {wanted:,} ({', '.join(name.rstrip('_') for name in rooms)})")
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute("SET LOCAL synchronous_commit = off")
        copy_sample(database, rooms, copies)
        recount(database)


def _size_of(folder: Path) -> Size:
    file = folder / "size.json"
    return Size(**json.loads(file.read_text())) if file.exists() else Size()


def _note(folder: Path, at: Size, reached: Size) -> Size:
    size = Size(products=max(at.products, reached.products), orders=max(at.orders, reached.orders))
    (folder / "size.json").write_text(json.dumps(asdict(size)))
    return size
