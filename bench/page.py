"""Writes the figures into docs/reference/performance.md: the tables are made of what stands beside it in JSON.

The words around the tables are written by hand; what lies between ``<!-- table NAME -->`` and
``<!-- end -->`` is not.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
PAGE, FIGURES = FOLDER / "performance.md", FOLDER / "performance.json"
Rows = Sequence[Mapping[str, Any]]
_BLOCK = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_BESIDE = ("event", "import", "memory", "start")


def keep(figures: Mapping[str, Any]) -> None:
    """Take these figures (``about``, ``rows``, ``growth``) in the place of the former, and write the page."""
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    known.update(figures)
    FIGURES.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(rendered(PAGE.read_text(), known))


def rendered(page: str, figures: Mapping[str, Any]) -> str:
    """The page with each of its tables as the figures have it."""

    def fill(block: re.Match[str]) -> str:
        return f"{block[1]}\n{_TABLES[block[2]](figures)}\n\n{block[3]}"

    return _BLOCK.sub(fill, page)


def _machine(figures: Mapping[str, Any]) -> str:
    about = figures["about"]
    return (
        f"{about['cores']} cores, {about['memory']}, {about['system']}, Python {about['python']},"
        f" PostgreSQL {about['postgresql']} with durable settings, Valkey {about['valkey']};"
        f" {about['web']} web processes of {about['threads']} threads; {about['products']:,} products;"
        f" medians of {about['rounds']} rounds of {about['seconds']:g} s; {about['day']}."
    )


def _paths(figures: Mapping[str, Any]) -> str:
    head = (
        "path", "clients", "p50 ms", "p95 ms", "per second", "SQL", "CPU ms, web", "database",
        "floor", "floor's CPU", "× CPU", "floor per second", "× time", "SQL alone per second",
    )  # fmt: skip
    rows = [row for row in figures["rows"] if not row["name"].startswith(_BESIDE)]
    return _table(
        head,
        (
            (
                row["name"], row["clients"], _number(row["p50Ms"], 1), _number(row["p95Ms"], 1),
                _number(row["perSecond"]), _number(row["queries"]), _number(row["webCpuMs"], 2),
                _number(row["databaseCpuMs"], 2), row["floor"], _number(row["floorCpuMs"], 2),
                _number(row["cpuRatio"], 1), _number(row["floorPerSecond"]),
                _number(row["ratio"], 1), _number(row["sqlPerSecond"]),
            )
            for row in rows
        ),
    )  # fmt: skip


def _beside(figures: Mapping[str, Any]) -> str:
    rows = [row for row in figures["rows"] if row["name"].startswith(("event", "import"))]
    return _table(
        ("what", "p50 ms", "p95 ms", "per second", "floor", "floor per second", "× time", "MB"),
        (
            (
                row["name"], _number(row["p50Ms"], 1), _number(row["p95Ms"], 1),
                _number(row["perSecond"]), row["floor"], _number(row["floorPerSecond"]),
                _number(row["ratio"], 1), _number(row["megabytes"]),
            )
            for row in rows
        ),
    )  # fmt: skip


def _memory(figures: Mapping[str, Any]) -> str:
    rows = [row for row in figures["rows"] if row["name"].startswith("memory")]
    return _table(
        ("what", "MB"),
        ((row["name"].removeprefix("memory "), _number(row["megabytes"])) for row in rows),
    )


def _start(figures: Mapping[str, Any]) -> str:
    rows = [row for row in figures["rows"] if row["name"].startswith("start")]
    return _table(
        ("what", "median ms", "longest ms"),
        ((row["name"], _number(row["p50Ms"]), _number(row["p95Ms"])) for row in rows),
    )


def _growth(figures: Mapping[str, Any]) -> str:
    """A column a size; in it the median and, behind the stroke, the 95th percentile, in ms."""
    rows: Rows = figures.get("growth", ())
    sizes = list(dict.fromkeys((row["products"], row["orders"]) for row in rows))
    found = {(row["name"], row["products"], row["orders"]): row for row in rows}

    def cell(name: str, size: tuple[int, int]) -> str:
        row = found.get((name, *size))
        return f"{_number(row['p50Ms'], 1)} / {_number(row['p95Ms'], 1)}" if row else "–"

    names = dict.fromkeys(row["name"] for row in rows)
    return _table(
        ("path", *(f"{products:,} products, {orders:,} orders" for products, orders in sizes)),
        ((name, *(cell(name, size) for size in sizes)) for name in names),
    )


def _audit(figures: Mapping[str, Any]) -> str:
    rows: Rows = figures.get("audit", ())
    return _table(
        ("what", "seconds", "orders per second", "MB"),
        (
            (
                row["name"], _number((row["p50Ms"] or 0) / 1000, 1), _number(row["perSecond"]),
                _number(row["megabytes"]),
            )
            for row in rows
        ),
    )  # fmt: skip


_TABLES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "machine": _machine,
    "paths": _paths,
    "audit": _audit,
    "beside": _beside,
    "memory": _memory,
    "start": _start,
    "growth": _growth,
}


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"
