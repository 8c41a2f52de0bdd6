"""What was seen when the experiments were run in full: kept in a file, shown in the table of the guarantees' page."""

import json
import re
from collections.abc import Mapping
from typing import Any

from proving.experiment import FAULTS, Experiment, Report, Suite, experiments
from proving.shop import ROOT

PAGE = ROOT / "docs" / "explanation" / "guarantees.md"
SEEN = PAGE.with_suffix(".json")
"""By the number of the experiment: how often the fault was put in, and the figures."""


def promises(suite: Suite = FAULTS) -> str:
    """The suite's table in docs/explanation/guarantees.md, from the experiments and what was seen of them."""
    seen = _seen()
    rows = [
        f"<!-- {suite.script} -->",
        "| # | what is done to the shop | what holds | without … it fails | short, long | seen in the long form |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.number} | {one.name} | {one.promise} | {one.guard} | {one.short:,}, {one.long:,}"
            f" | {_told(seen.get(str(one.number)))} |"
            for one in experiments(suite)
        ),
    ]
    return "\n".join(rows)


def keep(one: Experiment, report: Report, suite: Suite) -> None:
    """Keep the figures of an experiment that was run in full and passed, and write them into the page."""
    kept = _seen() | {str(one.number): {"times": one.long, "figures": _plain(report.figures)}}
    ordered = {number: kept[number] for number in sorted(kept, key=int)}
    SEEN.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")
    write_table(suite)


def write_table(suite: Suite) -> None:
    """Put the suite's table where the page has it now."""
    table = re.compile(rf"<!-- {suite.script} -->\n.*?(?=\n\n|\Z)", re.DOTALL)
    PAGE.write_text(table.sub(lambda _: promises(suite), PAGE.read_text()))


def figures_told(figures: Mapping[str, Any]) -> str:
    """The figures in one line, for a person."""
    return ", ".join(
        f"{name.replace('_', ' ')} {_number(value)}" for name, value in figures.items()
    )


def _told(seen: Mapping[str, Any] | None) -> str:
    return "not yet" if seen is None else figures_told(seen["figures"])


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | str) else str(value)
        for name, value in figures.items()
    }


def _seen() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SEEN.read_text()) if SEEN.exists() else {}
    return found
