"""Runs every path beside its floor, round by round, and tells what came out."""

import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.generator import Generator, Measured
from bench.paths import BARE, ROWS, Path, chosen
from bench.pgbench import pgbench
from bench.recording import floor_of, recorded_turn
from bench.rows import Row, over, rounded


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How long, how often, how many at once, and which (empty: all)."""

    seconds: float
    rounds: int
    clients: list[int]
    only: list[str]


WARM_CLIENTS, WARM_SECONDS = 8, 3.0
"""Before anything counts: so long that each connection has sent each statement often enough for its plan to be kept."""


def measure_paths(plan: Plan, generator: Generator) -> Iterator[Row]:
    """Print the table as it grows."""
    paths = chosen(plan.only)
    statements = {path.name: generator.statements(path.name) for path in paths}
    scripts = {path.name: _script(path, generator) for path in paths}
    for path in paths:
        generator.measure(path.name, clients=WARM_CLIENTS, seconds=WARM_SECONDS)
    for clients in plan.clients if paths else ():
        many = "s" * (clients > 1)
        print(f"\n{clients} client{many}, {plan.rounds} rounds of {plan.seconds:g} s\n{_HEAD}")
        for path in paths:
            row = _measured(
                path, generator, plan, clients, statements[path.name], scripts[path.name]
            )
            print(line(row, path.budget), flush=True)
            yield row


def over_budget(rows: Iterable[Row]) -> set[str]:
    """The paths that send more statements than they may."""
    budgets = {path.name: path.budget for path in chosen([])}
    return {
        row.name for row in rows
        if row.name in budgets and (row.queries or 0) > budgets[row.name]
    }  # fmt: skip


def _script(path: Path, generator: Generator) -> str | None:
    """What PostgreSQL alone is given: the same reads over and over, or the same reads and rows."""
    if path.writes:
        return floor_of(path.writes, generator)
    if path.reads:
        return "".join(f"{one};\n" for one in recorded_turn(path.name, generator)["statements"])
    return None


def _measured(
    path: Path,
    generator: Generator,
    plan: Plan,
    clients: int,
    queries: float,
    script: str | None,
) -> Row:
    """Rounds of the path and of its floor, one after the other, so that a noisy machine moves both."""
    ours: list[Measured] = []
    bare: list[Measured] = []
    alone: list[float] = []
    for _ in range(plan.rounds):
        ours.append(generator.measure(path.name, clients=clients, seconds=plan.seconds))
        if not path.writes:
            bare.append(generator.measure(BARE, clients=clients, seconds=plan.seconds))
        if script is not None:
            alone.append(pgbench(script, clients=clients, seconds=plan.seconds)[1])
    mine = _median(ours)
    floor = _median(bare) if bare else None
    floor_rate = floor.per_second if floor else statistics.median(alone)
    floor_cpu = floor.web_cpu + floor.database_cpu if floor else None
    return Row(
        name=path.name,
        clients=clients,
        p50Ms=rounded(mine.p50),
        p95Ms=rounded(mine.p95),
        perSecond=rounded(mine.per_second, 1),
        queries=queries,
        floor=BARE if floor else ROWS,
        floorPerSecond=rounded(floor_rate, 1),
        ratio=over(floor_rate, mine.per_second),
        webCpuMs=rounded(mine.web_cpu, 3),
        databaseCpuMs=rounded(mine.database_cpu, 3),
        floorCpuMs=rounded(floor_cpu, 3),
        cpuRatio=over(mine.web_cpu + mine.database_cpu, floor_cpu),
        sqlPerSecond=rounded(statistics.median(alone), 1) if alone else None,
    )


def _median(rounds: list[Measured]) -> Measured:
    """Of each figure by itself."""
    return Measured(
        p50=statistics.median(one.p50 for one in rounds),
        p95=statistics.median(one.p95 for one in rounds),
        per_second=statistics.median(one.per_second for one in rounds),
        web_cpu=statistics.median(one.web_cpu for one in rounds),
        database_cpu=statistics.median(one.database_cpu for one in rounds),
    )


_HEAD = (
    f"{'path':<27}{'p50 ms':>8}{'p95 ms':>8}{'per s':>8}{'SQL':>5}{'of':>4}{'web ms':>8}{'db ms':>7}"
    f"{'floor':>7}{'× CPU':>7}{'SQL alone':>10}{'floor/s':>9}{'× time':>8}  floor"
)


def line(row: Row, budget: int) -> str:
    """A row of the table for the screen."""
    return (
        f"{row.name:<27}{_text(row.p50Ms, 1):>8}{_text(row.p95Ms, 1):>8}{_text(row.perSecond, 0):>8}"
        f"{_text(row.queries, 0):>5}{budget:>4}{_text(row.webCpuMs):>8}{_text(row.databaseCpuMs):>7}"
        f"{_text(row.floorCpuMs):>7}{_text(row.cpuRatio):>7}{_text(row.sqlPerSecond, 0):>10}"
        f"{_text(row.floorPerSecond, 0):>9}{_text(row.ratio):>8}  {row.floor}"
    )


def _text(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def complain(names: set[str]) -> int:
    """The exit code: 1 where a path sends more statements than its budget allows."""
    if names:
        print(f"\nover their budget of statements: {', '.join(sorted(names))}", file=sys.stderr)
    return int(bool(names))
