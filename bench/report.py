"""Runs every path beside its floor, round by round, and tells what came out."""

import json
import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path as File

from bench.client import Measured, measure
from bench.events import drain_rate, event_lag
from bench.floors import pgbench, prepare_writes
from bench.imports import import_rate
from bench.paths import BARE, Path, paths, read_statements
from bench.scenarios import Goods


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table. ``ratio`` is our time for one over the floor's: its rate over ours."""

    name: str
    clients: int
    p50Ms: float | None  # noqa: N815  # as it stands in the file
    p95Ms: float | None  # noqa: N815
    perSecond: float  # noqa: N815
    queries: float | None
    floor: str
    floorPerSecond: float | None  # noqa: N815
    ratio: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How long, how often and how many at once."""

    port: int
    seconds: float
    rounds: int
    clients: list[int]
    products: int


def run(plan: Plan, *, into: File | None) -> int:
    """Print the table and write the file; 1 where a path is over its budget of statements, else 0."""
    goods = Goods(plan.port)
    prepare_writes()
    rows: list[Row] = []
    over: set[str] = set()
    for clients in plan.clients:
        print(
            f"\n{clients} client{'s' * (clients > 1)}, {plan.rounds} × {plan.seconds:g} s\n{_HEAD}"
        )
        goods.sign_in()
        for path in paths(goods):
            row = _measured(path, goods, plan, clients)
            rows.append(row)
            print(_line(row, path), flush=True)
            if path.budget is not None and (row.queries or 0) > path.budget:
                over.add(path.name)
    rows += _without_clients(plan, goods)
    if into is not None:
        into.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    if over:
        print(f"\nover their budget of statements: {', '.join(sorted(over))}", file=sys.stderr)
    return 1 if over else 0


def _measured(path: Path, goods: Goods, plan: Plan, clients: int) -> Row:
    """Rounds of the path and of its floor, one after the other, so that a noisy machine moves both."""
    ours: list[Measured] = []
    floors: list[float] = []
    for _ in range(plan.rounds):
        ours.append(
            measure(
                path.scenario, port=plan.port, clients=clients, seconds=plan.seconds,
                prepare=path.prepare,
            )
        )  # fmt: skip
        floors.append(_floor(path, goods, plan, clients))
    rate = statistics.median(one.per_second for one in ours)
    floor = statistics.median(floors)
    # Clients that prepare between two turns are not at work all the time: what they did counts by its length.
    if path.prepare is not None:
        rate = clients * 1000 / statistics.median(one.p50 for one in ours)
    return Row(
        name=path.name,
        clients=clients,
        p50Ms=round(statistics.median(one.p50 for one in ours), 2),
        p95Ms=round(statistics.median(one.p95 for one in ours), 2),
        perSecond=round(rate, 1),
        queries=round(statistics.median(one.statements for one in ours), 1),
        floor="pgbench, the same rows" if path.sql else BARE,
        floorPerSecond=round(floor, 1),
        ratio=round(floor / rate, 2),
    )


def _floor(path: Path, goods: Goods, plan: Plan, clients: int) -> float:
    if path.sql is None:
        bare = measure(goods.floor, port=plan.port, clients=clients, seconds=plan.seconds)
        return bare.per_second
    _, rate = pgbench(
        path.sql, url=os.environ["DATABASE_URL"], clients=clients, seconds=plan.seconds
    )
    return rate


def _without_clients(plan: Plan, goods: Goods) -> Iterator[Row]:
    """What no client waits for: PostgreSQL alone with the reads' SQL, events, imports."""
    print("\nPostgreSQL alone with the SQL of the reads, 1 client")
    for name, sql in read_statements(goods).items():
        latency, rate = pgbench(
            sql(), url=os.environ["DATABASE_URL"], clients=1, seconds=plan.seconds
        )
        print(f"  {name:<24}{latency:>8.2f} ms{rate:>10.0f} per s")
    p50, p95 = event_lag(plan.port)
    print(f"\nevent lag, commit to storefront: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    yield _alone("event lag", 1000 / p50, p50=p50, p95=p95)
    rate, floor = drain_rate()
    print(f"event drain: {rate:,.0f} per s; moving the same rows by SQL alone: {floor:,.0f} per s")
    yield _alone("event drain", rate, floor="the same rows moved by SQL", floor_rate=floor)
    rate, floor, megabytes = import_rate(plan.products)
    print(f"import: {rate:,.0f} rows per s at {megabytes:.0f} MB; COPY alone: {floor:,.0f} per s")
    yield _alone("import", rate, floor="COPY of the same rows", floor_rate=floor)


def _alone(
    name: str,
    rate: float,
    *,
    p50: float | None = None,
    p95: float | None = None,
    floor: str = "none",
    floor_rate: float | None = None,
) -> Row:
    return Row(
        name=name,
        clients=1,
        p50Ms=p50 and round(p50, 2),
        p95Ms=p95 and round(p95, 2),
        perSecond=round(rate, 1),
        queries=None,
        floor=floor,
        floorPerSecond=floor_rate and round(floor_rate, 1),
        ratio=floor_rate and round(floor_rate / rate, 2),
    )


_HEAD = (
    f"{'path':<24}{'p50 ms':>8}{'p95 ms':>8}{'per s':>9}{'SQL':>6}{'budget':>8}"
    f"{'floor per s':>13}{'× floor':>9}  floor"
)


def _line(row: Row, path: Path) -> str:
    return (
        f"{row.name:<24}{row.p50Ms:>8.2f}{row.p95Ms:>8.2f}{row.perSecond:>9.1f}{row.queries:>6.1f}"
        f"{path.budget or '':>8}{row.floorPerSecond:>13.1f}{row.ratio:>9.2f}  {row.floor}"
    )
